#include "transport.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

namespace kmosaic {
namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();
constexpr double rounding = 0x1p-50; // of cost + price, a few operations

int size_of_shelf(int k) { return static_cast<int>(std::clamp<int64_t>((int64_t(1) << 22) / (int64_t(k) * k), 4, 32)); }

} // namespace

Transport::Transport(int64_t rows, int k, int64_t least, int64_t most, int threads)
    : rows_(rows), k_(k), threads_(threads), shelf_size_(size_of_shelf(k)), least_(least), most_(most), prices_(k), flow_(k), excess_(k + 1),
      members_(k), place_(rows), shelves_(static_cast<size_t>(k) * k), stocked_(k),
      entries_(static_cast<size_t>(k) * k * shelf_size_), distance_(k + 1), from_(k + 1), done_(k + 1) {}

int64_t Transport::bytes() const {
    return static_cast<int64_t>(rows_ * 16 + entries_.size() * sizeof(Entry) + shelves_.size() * sizeof(Shelf));
}

void Transport::solve(const double* costs, std::vector<int32_t>& labels, const Poll& poll) {
    costs_ = costs;
    clear_roundings();
    choose_cheapest(labels, poll);
    begin(labels);
    for (int64_t number = 0; find_way(labels); ++number) {
        push(labels);
        if (number % 256 == 0 && poll) poll();
    }
}

// A price that differs from 0 by rounding alone would ask for a full column. Any prices are good to begin with.
void Transport::clear_roundings() {
    double largest = 0;
    for (const double price : prices_) largest = std::max(largest, std::fabs(price));
    for (double& price : prices_)
        if (std::fabs(price) <= largest * 0x1p-40) price = 0;
}

// Every row goes where cost + price is least, and stays where it is if that is as good.
void Transport::choose_cheapest(std::vector<int32_t>& labels, const Poll& poll) {
    const int threads = worth_threads(2.0 * static_cast<double>(rows_) * k_, threads_);
    const Blocks blocks = cut(rows_, 2.0 * k_, threads, 1);
    parallel(threads, blocks.count, [&](int, int64_t block) {
        for (int64_t i = blocks.begin(block); i < blocks.end(block); ++i) {
            int best = 0;
            for (int c = 1; c < k_; ++c)
                if (cost(i, c) + prices_[c] < cost(i, best) + prices_[best]) best = c;
            const int before = labels[i];
            const double size = before < 0 ? 0 : cost(i, before) + std::fabs(prices_[before]) + std::fabs(prices_[best]);
            const bool as_good = before >= 0 && cost(i, before) + prices_[before] <= cost(i, best) + prices_[best] + size * rounding;
            labels[i] = as_good ? before : best;
        }
    }, poll);
}

void Transport::begin(const std::vector<int32_t>& labels) {
    for (auto& column : members_) column.clear();
    for (int64_t i = 0; i < rows_; ++i) {
        place_[i] = static_cast<int64_t>(members_[labels[i]].size());
        members_[labels[i]].push_back(i);
    }
    std::fill(stocked_.begin(), stocked_.end(), 0);
    excess_[k_] = -rows_;
    for (int c = 0; c < k_; ++c) {
        const auto size = static_cast<int64_t>(members_[c].size());
        flow_[c] = prices_[c] > 0 ? most_ : prices_[c] < 0 ? least_ : std::clamp(size, least_, most_);
        excess_[c] = size - flow_[c];
        excess_[k_] += flow_[c];
    }
}

// Whether there is still a place with too many; the cheapest way from any of these to a place with too few is then known, and
// prices follow what was found. Place k_ is the sink that all columns lead to, at no cost.
bool Transport::find_way(const std::vector<int32_t>& labels) {
    std::fill(distance_.begin(), distance_.end(), infinite);
    std::fill(done_.begin(), done_.end(), 0);
    bool any = false;
    for (int v = 0; v <= k_; ++v) {
        if (excess_[v] <= 0) continue;
        distance_[v] = 0;
        from_[v] = -1;
        any = true;
    }
    if (!any) return false;
    for (;;) {
        int u = -1;
        for (int v = 0; v <= k_; ++v)
            if (!done_[v] && distance_[v] < infinite && (u < 0 || distance_[v] < distance_[u])) u = v;
        if (u < 0) throw std::logic_error("so many rows do not fit into columns of these sizes");
        done_[u] = 1;
        if (excess_[u] < 0) {
            target_ = u;
            break;
        }
        for (int v = 0; v <= k_; ++v)
            if (!done_[v] && v != u) relax(u, v, labels);
    }
    // Places beyond the target keep their price less what it took to get there: then no way costs less than nothing.
    const double limit = distance_[target_];
    const double sink = std::min(distance_[k_], limit);
    for (int c = 0; c < k_; ++c) prices_[c] -= std::min(distance_[c], limit) - sink;
    return true;
}

void Transport::relax(int u, int v, const std::vector<int32_t>& labels) {
    double length;
    if (v == k_) length = flow_[u] < most_ ? -prices_[u] : infinite;
    else if (u == k_) length = flow_[v] > least_ ? prices_[v] : infinite;
    else length = cheapest(u, v, labels) + prices_[v] - prices_[u];
    const double distance = distance_[u] + std::max(length, 0.0); // below zero by rounding alone
    if (!(distance < distance_[v])) return;
    distance_[v] = distance;
    from_[v] = u;
}

// One row goes each step of the way.
void Transport::push(std::vector<int32_t>& labels) {
    ++excess_[target_];
    int v = target_;
    // From the end: a row that comes to a column must not be the one that leaves it.
    for (; from_[v] >= 0; v = from_[v]) {
        const int u = from_[v];
        if (v == k_) ++flow_[u];
        else if (u == k_) --flow_[v];
        else move(entries(u, v)[shelf(u, v).count - 1].row, u, v, labels);
    }
    --excess_[v];
}

// What it costs to move a row from a to b; the row is then the last on the shelf.
double Transport::cheapest(int a, int b, const std::vector<int32_t>& labels) {
    if (members_[a].empty()) return infinite;
    if (!stocked_[a]) fill_shelves(a);
    for (bool again = false;; again = true) {
        Shelf& here = shelf(a, b);
        while (here.count && labels[entries(a, b)[here.count - 1].row] != a) --here.count;
        if (here.count) return entries(a, b)[here.count - 1].value;
        if (again) return infinite;
        fill_shelves(a);
    }
}

void Transport::fill_shelves(int a) {
    stocked_[a] = 1;
    for (int b = 0; b < k_; ++b) shelf(a, b) = Shelf();
    for (const int64_t row : members_[a])
        for (int b = 0; b < k_; ++b)
            if (b != a) put(a, b, row);
}

void Transport::put(int a, int b, int64_t row) {
    Shelf& here = shelf(a, b);
    const double value = cost(row, b) - cost(row, a);
    if (!(value < here.beyond)) return;
    Entry* all = entries(a, b);
    if (here.count == shelf_size_) {
        if (!(value < all[0].value)) {
            here.beyond = value;
            return;
        }
        here.beyond = all[0].value;
        std::copy(all + 1, all + here.count, all);
        --here.count;
    }
    int at = here.count++;
    for (; at > 0 && all[at - 1].value < value; --at) all[at] = all[at - 1];
    all[at] = {value, row};
}

void Transport::move(int64_t row, int from, int to, std::vector<int32_t>& labels) {
    ++moves_;
    auto& left = members_[from];
    place_[left.back()] = place_[row];
    left[place_[row]] = left.back();
    left.pop_back();
    place_[row] = static_cast<int64_t>(members_[to].size());
    members_[to].push_back(row);
    labels[row] = to;
    for (int b = 0; stocked_[to] && b < k_; ++b)
        if (b != to) put(to, b, row);
}

} // namespace kmosaic
