#include "copies.hpp"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <type_traits>

namespace kmosaic {
namespace {

constexpr int64_t fewest_rows = 20'000, sample_rows = 4096;
constexpr int64_t worth = 4; // times as many rows as distinct ones

// Rows by content, in a table of open addresses that doubles when it is half full. Rows are equal when their bytes are:
// copies that differ in the sign of a zero stay apart, which does no harm.
template <class T, int d>
class Table {
public:
    struct Key {
        T x[d];
    };

    Table() : slots_(4096, free_slot) {}

    // The multipliers are those of Steele and Vigna (2021).
    static uint64_t hash(const T* row) {
        constexpr uint64_t factors[] = {0xd1342543de82ef95u, 0xaf251af3b0f025b5u, 0xb564ef22ec7aece5u, 0xf7c2ebc08f67f2b5u};
        const auto* bytes = reinterpret_cast<const char*>(row);
        uint64_t sum = 0;
        for (size_t at = 0; at + 8 <= sizeof(Key); at += 8) sum += mixed(word<8>(bytes + at), factors[at / 8]);
        constexpr size_t rest = sizeof(Key) % 8;
        if constexpr (rest > 0) sum += mixed(word<rest>(bytes + sizeof(Key) - rest), factors[3]);
        return mixed(sum, factors[0]) >> 20;
    }

    static Key key(const T* row) {
        Key key;
        std::memcpy(key.x, row, sizeof key.x);
        return key;
    }

    void prefetch(uint64_t hash) const { __builtin_prefetch(&slots_[hash & (slots_.size() - 1)]); }

    // The number of a content.
    int32_t find(const Key& key, uint64_t hash) {
        size_t slot = hash & (slots_.size() - 1);
        for (; slots_[slot] >= 0; slot = (slot + 1) & (slots_.size() - 1))
            if (std::memcmp(&keys_[slots_[slot]], &key, sizeof key) == 0) return slots_[slot];
        const auto number = static_cast<int32_t>(keys_.size());
        slots_[slot] = number;
        keys_.push_back(key);
        if (keys_.size() * 2 > slots_.size()) grow();
        return number;
    }

    const std::vector<Key>& keys() const { return keys_; }
    int64_t size() const { return static_cast<int64_t>(keys_.size()); }

private:
    static uint64_t mixed(uint64_t value, uint64_t factor) { return (value ^ value >> 32) * factor; }

    // Up to eight bytes as a number, by single loads: an array to copy them to would be read before it is written.
    template <size_t count>
    static uint64_t word(const char* bytes) {
        using Part = std::conditional_t<count >= 8, uint64_t, std::conditional_t<count >= 4, uint32_t,
                                        std::conditional_t<count >= 2, uint16_t, uint8_t>>>;
        Part part;
        std::memcpy(&part, bytes, sizeof part);
        if constexpr (count > sizeof part) return part | word<count - sizeof part>(bytes + sizeof part) << 8 * sizeof part;
        else return part;
    }

    static constexpr int32_t free_slot = -1;

    void grow() {
        slots_.assign(slots_.size() * 2, free_slot);
        for (size_t number = 0; number < keys_.size(); ++number) {
            size_t slot = hash(keys_[number].x) & (slots_.size() - 1);
            while (slots_[slot] >= 0) slot = (slot + 1) & (slots_.size() - 1);
            slots_[slot] = static_cast<int32_t>(number);
        }
    }

    std::vector<int32_t> slots_; // number of the content
    std::vector<Key> keys_;
};

// Of s rows drawn from u contents about s^2 / (2 u) meet one that was there.
template <class T, int d>
bool many_copies(const Rows<T>& rows) {
    Table<T, d> table;
    const int64_t step = rows.n / sample_rows;
    for (int64_t i = 0; i < sample_rows; ++i) {
        const T* row = rows.row(i * step);
        table.find(table.key(row), table.hash(row));
    }
    const int64_t met = sample_rows - table.size();
    return 2 * met * rows.n > worth * sample_rows * sample_rows;
}

// A range of rows, numbered by content as they come.
template <class T, int d>
struct Part {
    Table<T, d> table;
    std::vector<int32_t> copies; // of each content
    std::vector<int64_t> first;  // row of each content
    std::vector<int32_t> number; // of each content among all

    // Stops where half of its rows, or of any part's, are different: the sample was not like the rest.
    void read(const Rows<T>& rows, int64_t begin, int64_t end, int32_t* place, std::atomic<bool>& too_many) {
        constexpr int64_t ahead = 16; // rows at a time, so that the table's memory is there when it is looked at
        typename Table<T, d>::Key keys[ahead];
        uint64_t hashes[ahead];
        for (int64_t from = begin; from < end && !too_many; from += ahead) {
            const int64_t count = std::min(ahead, end - from);
            for (int64_t i = 0; i < count; ++i) {
                keys[i] = table.key(rows.row(from + i));
                hashes[i] = table.hash(rows.row(from + i));
                table.prefetch(hashes[i]);
            }
            for (int64_t i = 0; i < count; ++i) {
                const int32_t at = place[from + i] = table.find(keys[i], hashes[i]);
                if (at == static_cast<int32_t>(copies.size())) {
                    copies.push_back(0);
                    first.push_back(from + i);
                }
                ++copies[at];
            }
            if (table.size() > (end - begin) / 2) too_many = true;
        }
    }
};

template <class T, int d>
std::unique_ptr<const Distinct<T>> distinct_of(const Rows<T>& rows, int threads, const Poll& poll) {
    if (!many_copies<T, d>(rows)) return nullptr;
    threads = worth_threads(20.0 * rows.n, threads);
    const int64_t each = (rows.n + threads - 1) / threads;
    const auto begin = [&](int64_t part) { return std::min(rows.n, part * each); };
    auto found = std::make_unique<Distinct<T>>();
    found->place.resize(rows.n);
    std::vector<Part<T, d>> parts(threads);
    std::atomic<bool> too_many{false};
    parallel(threads, threads, [&](int, int64_t part) {
        parts[part].read(rows, begin(part), begin(part + 1), found->place.data(), too_many);
    }, poll);
    if (too_many) return nullptr;
    Table<T, d> all;
    for (Part<T, d>& part : parts) {
        for (size_t i = 0; i < part.copies.size(); ++i) {
            const auto& key = part.table.keys()[i];
            const int32_t at = all.find(key, all.hash(key.x));
            if (at == static_cast<int32_t>(found->copies.size())) {
                found->copies.push_back(0);
                found->first.push_back(part.first[i]);
            }
            found->copies[at] += part.copies[i];
            part.number.push_back(at);
        }
        if (all.size() * worth > rows.n) return nullptr;
        part.table = Table<T, d>();
    }
    found->values.reserve(all.size() * d);
    for (const auto& key : all.keys()) found->values.insert(found->values.end(), key.x, key.x + d);
    parallel(threads, threads, [&](int, int64_t part) {
        for (int64_t i = begin(part); i < begin(part + 1); ++i) found->place[i] = parts[part].number[found->place[i]];
    }, poll);
    return found;
}

} // namespace

// Of half the rows a part: number, first, copies and twice the contents and slots, as vectors grow.
template <class T>
int64_t bytes_to_seek_copies(const Rows<T>& rows) {
    return rows.n * (4 + (16 + 2 * (rows.d * static_cast<int64_t>(sizeof(T)) + 8)) / 2);
}

template <class T>
std::unique_ptr<const Distinct<T>> distinct(const Rows<T>& rows, int threads, int64_t memory_limit, const Poll& poll) {
    if (memory_limit > 0 && bytes_to_seek_copies(rows) > memory_limit) return nullptr;
    if (rows.weights || rows.n < fewest_rows || rows.n >= int64_t(1) << 31) return nullptr;
    switch (rows.d) {
    case 1: return distinct_of<T, 1>(rows, threads, poll);
    case 2: return distinct_of<T, 2>(rows, threads, poll);
    case 3: return distinct_of<T, 3>(rows, threads, poll);
    case 4: return distinct_of<T, 4>(rows, threads, poll);
    default: return nullptr;
    }
}

template <class T>
std::vector<int32_t> Distinct<T>::spread(const std::vector<int32_t>& labels, int threads, const Poll& poll) const {
    const auto n = static_cast<int64_t>(place.size());
    std::vector<int32_t> all(n);
    threads = worth_threads(2.0 * n, threads);
    const Blocks blocks = cut(n, 2.0, threads, 16);
    parallel(threads, blocks.count, [&](int, int64_t block) {
        for (int64_t i = blocks.begin(block); i < blocks.end(block); ++i) all[i] = labels[place[i]];
    }, poll);
    return all;
}

template struct Distinct<float>;
template struct Distinct<double>;
template struct Distinct<uint8_t>;
template std::unique_ptr<const Distinct<float>> distinct(const Rows<float>&, int, int64_t, const Poll&);
template std::unique_ptr<const Distinct<double>> distinct(const Rows<double>&, int, int64_t, const Poll&);
template std::unique_ptr<const Distinct<uint8_t>> distinct(const Rows<uint8_t>&, int, int64_t, const Poll&);

} // namespace kmosaic
