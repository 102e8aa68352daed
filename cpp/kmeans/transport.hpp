// Rows to columns at the least cost in all, where every column takes from `least` to `most` rows: a transport problem.
//
// Every column has a price. For any prices, rows that go where cost + price is least are an optimum for the sizes that come of
// it; a price above 0 is right only of a full column, one below 0 only of a column that has no more than its least. So: begin
// with the prices of the last time, then move one row at a time along the cheapest way from a column that has too many to one
// that has too few (successive shortest paths: Ahuja, Magnanti & Orlin 1993, section 9.7), the ways found among the columns
// alone (Dijkstra, k + 1 places) and not among the rows. From column a to b goes the row of a that costs the least more there;
// the first few of these are kept in order (a Shelf) and looked for anew when they are used up.
//
// Costs are float64, and so are sums of them: the result is the best up to the rounding of such sums.
#pragma once

#include "parallel.hpp"

#include <cstdint>
#include <limits>
#include <vector>

namespace kmosaic {

class Transport {
public:
    Transport(int64_t rows, int k, int64_t least, int64_t most, int threads);

    // costs: (rows, k), 0 or more. labels: what they were, or -1; of two that are equally good a row keeps the one it has.
    void solve(const double* costs, std::vector<int32_t>& labels, const Poll& poll);

    int64_t moves() const { return moves_; } // of rows along the ways, in all calls together
    int64_t bytes() const;

private:
    struct Entry {
        double value; // what the row costs more in b than in a
        int64_t row;
    };
    // Rows of a that are cheapest to move to b, the cheapest last. Some may have left a since.
    struct Shelf {
        double beyond = std::numeric_limits<double>::infinity(); // rows of a that are not here cost no less more
        int count = 0;
    };

    void clear_roundings();
    void choose_cheapest(std::vector<int32_t>& labels, const Poll& poll);
    void begin(const std::vector<int32_t>& labels);
    bool find_way(const std::vector<int32_t>& labels);
    void push(std::vector<int32_t>& labels);
    double cheapest(int a, int b, const std::vector<int32_t>& labels);
    void fill_shelves(int a);
    void put(int a, int b, int64_t row);
    void move(int64_t row, int from, int to, std::vector<int32_t>& labels);
    double cost(int64_t row, int c) const { return costs_[row * k_ + c]; }
    void relax(int u, int v, const std::vector<int32_t>& labels);
    Shelf& shelf(int a, int b) { return shelves_[a * k_ + b]; }
    Entry* entries(int a, int b) { return entries_.data() + (static_cast<int64_t>(a) * k_ + b) * shelf_size_; }

    const int64_t rows_;
    const int k_, threads_, shelf_size_;
    const int64_t least_, most_;
    const double* costs_ = nullptr;
    std::vector<double> prices_;                 // (k)
    std::vector<int64_t> flow_, excess_;         // (k), (k + 1): what a column is to have; what it has too many (the sink last)
    std::vector<std::vector<int64_t>> members_;  // (k)
    std::vector<int64_t> place_;                 // (rows) of each among the members of its column
    std::vector<Shelf> shelves_;                 // (k, k)
    std::vector<char> stocked_;                  // (k) the shelves of the column are of these costs
    std::vector<Entry> entries_;                 // (k, k, shelf_size)
    std::vector<double> distance_;               // (k + 1) of the search
    std::vector<int> from_;
    std::vector<char> done_;
    int target_ = 0;
    int64_t moves_ = 0;
};

} // namespace kmosaic
