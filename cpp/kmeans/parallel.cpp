#include "parallel.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <unistd.h>

namespace kmosaic {
namespace {

struct Job {
    Job(const Body& what, int64_t count) : body(what), blocks(count) {}

    const Body& body;
    const int64_t blocks;
    std::atomic<int64_t> next{0};
    std::mutex mutex;
    std::exception_ptr error;

    void stop(std::exception_ptr why) {
        next.store(blocks);
        const std::lock_guard<std::mutex> lock(mutex);
        if (!error) error = why;
    }

    void work(int worker, const Poll* poll) {
        try {
            for (int64_t block; (block = next.fetch_add(1)) < blocks;) {
                body(worker, block);
                if (poll && *poll) (*poll)();
            }
        } catch (...) {
            stop(std::current_exception());
        }
    }
};

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
        }
    }

    const pid_t owner_;
    std::mutex turn_, mutex_;
    std::condition_variable wake_, done_;
    Job* job_ = nullptr;
    uint64_t round_ = 0;
    int started_ = 0, seated_ = 0, open_seats_ = 0;
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

} // namespace

void parallel(int threads, int64_t blocks, const Body& body, const Poll& poll) {
    Job job(body, blocks);
    threads = static_cast<int>(std::min<int64_t>(threads, blocks));
    if (threads <= 1 || !pool().run(threads, job, poll)) job.work(0, &poll);
    if (job.error) std::rethrow_exception(job.error);
}

Blocks cut(int64_t rows, double operations_each, int threads, int64_t multiple) {
    const double worthwhile = 2e6 / std::max(operations_each, 1.0);
    const double shared = static_cast<double>(rows) / (8.0 * threads);
    const auto wanted = static_cast<int64_t>(std::min({worthwhile, shared, 1e6}));
    const int64_t each = std::max<int64_t>((wanted + multiple - 1) / multiple, 1) * multiple;
    return {each, (rows + each - 1) / each, rows};
}

int worth_threads(double operations, int threads) {
    return static_cast<int>(std::clamp(operations / 2e5, 1.0, static_cast<double>(threads)));
}

} // namespace kmosaic
