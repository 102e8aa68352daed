#include "parallel.hpp"

#include "gradual.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <exception>
#include <memory>
#include <mutex>
#include <system_error>
#include <thread>
#include <unistd.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace kmosaic {
namespace {

// Blocks [begin, end) that nobody has taken yet. Its owner takes from the front, whoever has nothing left from the end.
// A cache line each, so that nobody waits for a line as long as there is enough to do for all.
class alignas(64) Share {
public:
    void fill(uint32_t begin, uint32_t end) { both_.store(join(begin, end), std::memory_order_relaxed); }
    void clear() { both_.store(0, std::memory_order_relaxed); }
    uint32_t left() const {
        const uint64_t both = both_.load(std::memory_order_relaxed);
        return static_cast<uint32_t>(both) - static_cast<uint32_t>(both >> 32);
    }

    int64_t take_first() {
        uint64_t both = both_.load(std::memory_order_relaxed);
        for (;;) {
            const auto begin = static_cast<uint32_t>(both >> 32), end = static_cast<uint32_t>(both);
            if (begin == end) return -1;
            if (both_.compare_exchange_weak(both, join(begin + 1, end), std::memory_order_relaxed)) return begin;
        }
    }

    int64_t take_last() {
        uint64_t both = both_.load(std::memory_order_relaxed);
        for (;;) {
            const auto begin = static_cast<uint32_t>(both >> 32), end = static_cast<uint32_t>(both);
            if (begin == end) return -1;
            if (both_.compare_exchange_weak(both, join(begin, end - 1), std::memory_order_relaxed)) return end - 1;
        }
    }

private:
    static uint64_t join(uint32_t begin, uint32_t end) { return static_cast<uint64_t>(begin) << 32 | end; }
    std::atomic<uint64_t> both_{0};
};

// What one call of parallel() hands out: to each worker a share of its own, the same from call to call, so that its
// rows may still be in its cache.
class Job {
public:
    Job(const Body& body, int64_t first, uint32_t blocks, int workers)
        : body_(body), first_(first), workers_(workers), shares_(std::make_unique<Share[]>(workers)) {
        for (int64_t w = 0; w < workers; ++w)
            shares_[w].fill(static_cast<uint32_t>(blocks * w / workers), static_cast<uint32_t>(blocks * (w + 1) / workers));
    }

    void work(int worker, const Poll* poll) {
        try {
            for (int64_t block; (block = next(worker)) >= 0;) {
                body_(worker, first_ + block);
                if (poll && *poll) (*poll)();
            }
        } catch (...) {
            stop(std::current_exception());
        }
    }

    std::exception_ptr error() const { return error_; }

private:
    int64_t next(int worker) {
        const int64_t own = shares_[worker].take_first();
        if (own >= 0) return own;
        for (;;) {
            const Share* fullest = std::max_element(&shares_[0], &shares_[0] + workers_,
                                                    [](const Share& a, const Share& b) { return a.left() < b.left(); });
            if (fullest->left() == 0) return -1;
            const int64_t stolen = const_cast<Share*>(fullest)->take_last();
            if (stolen >= 0) return stolen;
        }
    }

    void stop(std::exception_ptr why) {
        for (int w = 0; w < workers_; ++w) shares_[w].clear();
        const std::lock_guard<std::mutex> lock(mutex_);
        if (!error_) error_ = why;
    }

    const Body& body_;
    const int64_t first_;
    const int workers_;
    std::unique_ptr<Share[]> shares_;
    std::mutex mutex_;
    std::exception_ptr error_;
};

// True as soon as done() is, false after some 20 microseconds: about what waking a sleeping thread takes.
template <class Done>
bool soon(Done done) {
    for (int turn = 0; turn < 1000; ++turn) {
        if (done()) return true;
#if defined(__x86_64__)
        _mm_pause();
#elif defined(__aarch64__)
        __asm__ volatile("yield");
#endif
    }
    return false;
}

// Started at the first need and then kept asleep. Never destroyed: its threads sleep until the process ends.
class Pool {
public:
    explicit Pool(pid_t owner) : owner_(owner) {}

    pid_t owner() const { return owner_; }

    bool run(int threads, Job& job, const Poll& poll) {
        const std::unique_lock<std::mutex> turn(turn_, std::try_to_lock);
        if (!turn) return false;
        const int helpers = start(threads - 1);
        {
            const std::lock_guard<std::mutex> lock(mutex_);
            job_ = &job;
            open_seats_ = helpers;
            ++round_;
        }
        wake_.notify_all();
        job.work(0, &poll);
        soon([&] { return seated_ == 0; });
        std::unique_lock<std::mutex> lock(mutex_);
        open_seats_ = 0; // whoever has not sat down yet is no longer needed
        done_.wait(lock, [&] { return seated_ == 0; });
        job_ = nullptr;
        return true;
    }

private:
    int start(int wanted) {
        try {
            for (; started_ < wanted; ++started_) std::thread(&Pool::sleep_and_serve, this, started_ + 1).detach();
        } catch (const std::system_error&) {
            // The system gives no more threads: fewer do the same work.
        }
        return std::min(wanted, started_);
    }

    void sleep_and_serve(int worker) {
        const Gradual gradual; // whatever the mode of the thread that started it
        uint64_t seen = 0;
        std::unique_lock<std::mutex> lock(mutex_);
        for (;;) {
            wake_.wait(lock, [&] { return round_ != seen; });
            seen = round_;
            if (worker > open_seats_) continue;
            Job* job = job_;
            ++seated_;
            lock.unlock();
            job->work(worker, nullptr);
            lock.lock();
            if (--seated_ == 0) done_.notify_one();
            lock.unlock();
            soon([&] { return round_ != seen; }); // iterations follow each other closely
            lock.lock();
        }
    }

    const pid_t owner_;
    std::mutex turn_, mutex_;
    std::condition_variable wake_, done_;
    Job* job_ = nullptr;
    std::atomic<uint64_t> round_{0}; // changed under the mutex, as seated_ is; watched without it
    std::atomic<int> seated_{0};
    int started_ = 0, open_seats_ = 0;
};

// A forked child has the memory of the pool and none of its threads, so it starts one of its own.
Pool& pool() {
    static std::atomic<Pool*> current{nullptr};
    Pool* found = current.load();
    if (found && found->owner() == getpid()) return *found;
    Pool* fresh = new Pool(getpid());
    if (current.compare_exchange_strong(found, fresh)) return *fresh;
    delete fresh; // another thread was quicker; this one has no threads yet
    return *current.load();
}

void alone(int64_t blocks, const Body& body, const Poll& poll) {
    for (int64_t block = 0; block < blocks; ++block) {
        body(0, block);
        if (poll) poll();
    }
}

} // namespace

void parallel(int threads, int64_t blocks, const Body& body, const Poll& poll) {
    threads = static_cast<int>(std::min<int64_t>(threads, blocks));
    if (threads <= 1) return alone(blocks, body, poll);
    constexpr int64_t most = int64_t(1) << 31; // that a share can count
    for (int64_t first = 0; first < blocks; first += most) {
        Job job(body, first, static_cast<uint32_t>(std::min(most, blocks - first)), threads);
        if (!pool().run(threads, job, poll)) job.work(0, &poll);
        if (job.error()) std::rethrow_exception(job.error());
    }
}

Blocks cut(int64_t rows, double operations_each, int threads, int64_t multiple) {
    const double worthwhile = 2e6 / std::max(operations_each, 1.0);
    const double shared = threads > 1 ? static_cast<double>(rows) / (8.0 * threads) : worthwhile;
    const auto wanted = static_cast<int64_t>(std::min({worthwhile, shared, 1e6}));
    const int64_t each = std::max<int64_t>((wanted + multiple - 1) / multiple, 1) * multiple;
    return {each, (rows + each - 1) / each, rows};
}

int worth_threads(double operations, int threads) {
    return static_cast<int>(std::clamp(operations / 2e5, 1.0, static_cast<double>(threads)));
}

} // namespace kmosaic
