// The time loops of loops.py, and their backward passes, for processors with vector registers.
//
// Three things make them fast. The hidden weights are packed once per sequence into panels that a
// small product kernel reads from start to end, with its sums in registers. The point-wise part of a
// step follows at once, while the sums are still in the nearest cache. And each thread takes some of
// the sequences through all steps by itself: no thread ever waits for another.
//
// Names, order and layout are those of loops.py, where the formulas stand.

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <vector>

#ifdef _OPENMP
#include <omp.h>
#endif

namespace {

#if defined(__AVX512F__)
constexpr int kBytes = 64, kRegisters = 32;  // bytes in a register; how many there are
#elif defined(__AVX__)
constexpr int kBytes = 32, kRegisters = 16;
#elif defined(__aarch64__)
constexpr int kBytes = 16, kRegisters = 32;
#else
constexpr int kBytes = 16, kRegisters = 16;
#endif
constexpr int kSums = kRegisters * 3 / 4;  // registers that hold sums

template <class T>
struct Simd {
    static constexpr int L = kBytes / sizeof(T);  // lanes: numbers in a register
    typedef T Vec __attribute__((vector_size(kBytes)));
};
template <class T>
using Vec = typename Simd<T>::Vec;
typedef int32_t Int32s __attribute__((vector_size(kBytes)));
typedef int64_t Int64s __attribute__((vector_size(kBytes)));

// ---------------------------------------------------------------------------- loads and stores
// `width` is the number of lanes in use: all of them but in a row's last register.

template <class T>
inline Vec<T> load(const T* from, int width) {
    Vec<T> x;
    if (width == Simd<T>::L) {
        std::memcpy(&x, from, kBytes);
    } else {
        T lanes[Simd<T>::L] = {};
        for (int i = 0; i < width; i++) lanes[i] = from[i];
        std::memcpy(&x, lanes, kBytes);
    }
    return x;
}

template <class T>
inline Vec<T> load_or_zero(const T* from, int width) {
    return from ? load(from, width) : Vec<T>{};
}

template <class T>
inline void store(T* to, Vec<T> x, int width) {
    if (width == Simd<T>::L) {
        std::memcpy(to, &x, kBytes);
    } else {
        T lanes[Simd<T>::L];
        std::memcpy(lanes, &x, kBytes);
        for (int i = 0; i < width; i++) to[i] = lanes[i];
    }
}

// ---------------------------------------------------------------------------- exp, sigmoid, tanh

template <class T>
struct Exponential;

template <>
struct Exponential<float> {
    typedef Int32s Int;
    static constexpr float round = 12582912.0f;  // 1.5 * 2^23: adding it rounds to an integer
    static constexpr float ln2_high = 0.693145751953125f, ln2_low = 1.42860677e-6f;
    static constexpr int mantissa = 23, bias = 127, degree = 7;
    static constexpr float tanh_is_one = 10, sigmoid_is_zero = 89, sigmoid_is_one = 87;
};

template <>
struct Exponential<double> {
    typedef Int64s Int;
    static constexpr double round = 6755399441055744.0;  // 1.5 * 2^52
    static constexpr double ln2_high = 0.693147180369123816490, ln2_low = 1.90821492927058770002e-10;
    static constexpr int mantissa = 52, bias = 1023, degree = 13;
    static constexpr double tanh_is_one = 20, sigmoid_is_zero = 710, sigmoid_is_one = 708;
};

// Splits e^x into 2^n (1 + p), p = e^r - 1 with |r| <= ln(2) / 2; returns p. Its Taylor series is cut
// where the next term is below half a unit in the last place.
template <class T>
inline Vec<T> split_exp(Vec<T> x, typename Exponential<T>::Int& n) {
    typedef Exponential<T> E;
    typedef typename E::Int Int;
    Vec<T> shifted = x * T(1.44269504088896340736) + E::round;
    Vec<T> whole = shifted - E::round;
    n = (Int)shifted - (Int)(Vec<T>{} + E::round);
    Vec<T> r = x - whole * E::ln2_high;
    r = r - whole * E::ln2_low;
    constexpr double reciprocals[] = {0.5, 1.0 / 6, 1.0 / 24, 1.0 / 120, 1.0 / 720, 1.0 / 5040,
                                      1.0 / 40320, 1.0 / 362880, 1.0 / 3628800, 1.0 / 39916800,
                                      1.0 / 479001600, 1.0 / 6227020800.0};
    Vec<T> q = Vec<T>{} + T(reciprocals[E::degree - 2]);
#pragma GCC unroll 12
    for (int k = E::degree - 3; k >= 0; k--) q = q * r + T(reciprocals[k]);
    return r + r * r * q;
}

template <class T>
inline Vec<T> power_of_two(typename Exponential<T>::Int n) {
    typedef Exponential<T> E;
    return (Vec<T>)((n + E::bias) << E::mantissa);
}

// Comparisons with NaN are false, so NaN passes the clamps below.
template <class T>
inline Vec<T> clamp(Vec<T> x, T low, T high) {
    Vec<T> lows = Vec<T>{} + low, highs = Vec<T>{} + high;
    x = x < lows ? lows : x;
    return x > highs ? highs : x;
}

template <class T>
inline Vec<T> sigmoid(Vec<T> x) {  // 1 / (1 + e^-x)
    typedef Exponential<T> E;
    typename E::Int n;
    Vec<T> p = split_exp<T>(clamp<T>(-x, -E::sigmoid_is_one, E::sigmoid_is_zero), n);
    // At the upper end of the clamp n is one too large for a number, and its bits are infinity's.
    return T(1) / (T(1) + (p + T(1)) * power_of_two<T>(n));
}

template <class T>
inline Vec<T> tanh(Vec<T> x) {  // e / (e + 2), e = e^2x - 1, which loses nothing near zero
    typedef Exponential<T> E;
    typename E::Int n;
    Vec<T> p = split_exp<T>(T(2) * clamp<T>(x, -E::tanh_is_one, E::tanh_is_one), n);
    Vec<T> scale = power_of_two<T>(n);
    Vec<T> e = scale * p + (scale - T(1));
    return e / (e + T(2));
}

// ---------------------------------------------------------------------------- packed products

constexpr long kDepth = 512;  // rows of a panel that are used before the next rows: fits a cache

struct Block {  // up to 4 registers of columns, whose sums are kept together
    int vectors;
    long unit;        // the first unit
    long columns[4];  // where each register's columns begin in the result (and in the weights)
    int widths[4];    // lanes in use
    long panel;       // where its weights begin in the packed buffer
};

// The blocks of a product, for `gates` blocks of H columns. Several gates: a block is a register of
// units in all gates, so that a unit's gates are ready together. One gate: up to 4 registers.
template <class T>
struct Product {
    static constexpr int L = Simd<T>::L;
    std::vector<Block> blocks;
    long depth, size = 0;

    Product(int gates, long H, long depth) : depth(depth) {
        int registers = gates > 1 ? 1 : 4;
        for (long unit = 0; unit < H; unit += registers * L) {
            Block block = {0, unit, {}, {}, size};
            for (long u = unit; u < std::min(H, unit + registers * L); u += L)
                for (int gate = 0; gate < gates; gate++) {
                    block.columns[block.vectors] = gate * H + u;
                    block.widths[block.vectors++] = int(std::min<long>(L, H - u));
                }
            blocks.push_back(block);
            size += block.vectors * L * depth;
        }
    }

    // Packs weights whose row k, column c stands at weights[k * row + c * column].
    void pack(const T* weights, long row, long column, T* packed, int threads) const {
#pragma omp parallel for num_threads(threads) if (threads > 1)
        for (size_t b = 0; b < blocks.size(); b++) {
            const Block& block = blocks[b];
            for (int v = 0; v < block.vectors; v++)
                for (long k = 0; k < depth; k++) {
                    T* to = packed + block.panel + (k * block.vectors + v) * L;
                    const T* from = weights + k * row + block.columns[v] * column;
                    for (int i = 0; i < L; i++) to[i] = i < block.widths[v] ? from[i * column] : T(0);
                }
        }
    }
};

template <class T>
__attribute__((noinline)) void write_tile(const Vec<T>* results, int vectors, int rows, T* out,
                                          long out_row, const Block& block, bool add) {
    for (int r = 0; r < rows; r++)
        for (int v = 0; v < vectors; v++) {
            T* to = out + r * out_row + block.columns[v];
            const int width = block.widths[v];
            Vec<T> sum = results[r * vectors + v];
            store<T>(to, add ? load(to, width) + sum : sum, width);
        }
}

// A register of weights for several rows. Left alone, gcc reads it from memory anew for each row of
// a low tile, and the loads take longer than the sums. `used`: registers that the tile needs.
template <class T, int used>
inline Vec<T> load_once(const T* from) {
    Vec<T> x;
    std::memcpy(&x, from, kBytes);
#if defined(__x86_64__)
    if constexpr (used <= kRegisters) asm("" : "+v"(x));
#endif
    return x;
}

// out (R rows, V registers) = or += a (R, depth) @ panel (depth, V registers)
template <class T, int V, int R>
void tile(const T* a, long a_row, const T* panel, long depth, T* out, long out_row,
          const Block& block, bool add) {
    constexpr int L = Simd<T>::L;
    const bool whole = block.widths[V - 1] == L;  // only the last can be partly used
    Vec<T> sums[R][V] = {};
    if (whole && add)
#pragma GCC unroll 24
        for (int r = 0; r < R; r++)
#pragma GCC unroll 4
            for (int v = 0; v < V; v++)
                std::memcpy(&sums[r][v], out + r * out_row + block.columns[v], kBytes);
    for (long k = 0; k < depth; k++) {
        Vec<T> w[V];
#pragma GCC unroll 4
        for (int v = 0; v < V; v++) w[v] = load_once<T, R * V + V + 1>(panel + (k * V + v) * L);
#pragma GCC unroll 24
        for (int r = 0; r < R; r++) {
            const T x = a[r * a_row + k];
#pragma GCC unroll 4
            for (int v = 0; v < V; v++) sums[r][v] += x * w[v];
        }
    }
    if (whole) {
#pragma GCC unroll 24
        for (int r = 0; r < R; r++)
#pragma GCC unroll 4
            for (int v = 0; v < V; v++)
                std::memcpy(out + r * out_row + block.columns[v], &sums[r][v], kBytes);
        return;
    }
    Vec<T> results[R][V];  // by way of memory: were a sum alive during a call, gcc would spill it
#pragma GCC unroll 24
    for (int r = 0; r < R; r++)
#pragma GCC unroll 4
        for (int v = 0; v < V; v++) results[r][v] = sums[r][v];
    write_tile<T>(results[0], V, R, out, out_row, block, add);
}

template <class T, int V, int R>
inline void choose_tile(long rows, const T* a, long a_row, const T* panel, long depth, T* out,
                        long out_row, const Block& block, bool add) {
    if (rows == R)
        tile<T, V, R>(a, a_row, panel, depth, out, out_row, block, add);
    else if constexpr (R > 1)
        choose_tile<T, V, R - 1>(rows, a, a_row, panel, depth, out, out_row, block, add);
}

// All rows of one block; tiles of nearly equal height, for a low one wastes registers.
template <class T, int V>
void multiply_block(const T* a, long a_row, const T* panel, long depth, T* out, long out_row,
                    const Block& block, long rows, bool add) {
    constexpr int R = std::min(kSums / V, 8);
    const long tiles = (rows + R - 1) / R;
    for (long k = 0; k < depth; k += kDepth)
        for (long i = 0, row = 0; i < tiles; i++) {
            long next = rows * (i + 1) / tiles;
            choose_tile<T, V, R>(next - row, a + row * a_row + k, a_row, panel + k * V * Simd<T>::L,
                                 std::min(kDepth, depth - k), out + row * out_row, out_row, block,
                                 add || k > 0);
            row = next;
        }
}

// out (rows, ...) = or += a (rows, depth) @ the packed weights; calls after(block) for each block.
template <class T, class After>
inline void multiply(const Product<T>& product, const T* packed, const T* a, long a_row, T* out,
                     long out_row, long rows, bool add, After after) {
    for (const Block& block : product.blocks) {
        const T* panel = packed + block.panel;
        const long depth = product.depth;
        switch (block.vectors) {
            case 1: multiply_block<T, 1>(a, a_row, panel, depth, out, out_row, block, rows, add); break;
            case 2: multiply_block<T, 2>(a, a_row, panel, depth, out, out_row, block, rows, add); break;
            case 3: multiply_block<T, 3>(a, a_row, panel, depth, out, out_row, block, rows, add); break;
            default: multiply_block<T, 4>(a, a_row, panel, depth, out, out_row, block, rows, add);
        }
        after(block);
    }
}

struct Nothing {
    void operator()(const Block&) const {}
};

// ---------------------------------------------------------------------------- the cells

enum Cell { kTanh, kRelu, kLstm, kGruBefore, kGruAfter };  // the order of BLOCKS in loops.py

// The products of a cell: all gates at once, but a GRU that resets before needs r for its third.
template <class T>
struct Products {
    Product<T> first, second;
    bool two;

    Products(int cell, long H, bool backwards)
        : first(backwards ? 1 : gates(cell), H, backwards ? gates(cell) * H : H),
          second(1, H, H),
          two(cell == kGruBefore) {}

    static int gates(int cell) {  // of the first product
        return cell == kLstm ? 4 : cell == kGruAfter ? 3 : cell == kGruBefore ? 2 : 1;
    }
    long size() const { return first.size + (two ? second.size : 0); }
};

template <class T>
struct Problem {
    long steps;
    const int64_t* batch_sizes;
    long H;
    T *gates, *hs, *Cs;  // (N, G H), (N, H), (N, H)
    const T *h, *C;      // (B, H): before the first step
    const T* packed;
    const T* b_hn;       // (H) or null
    const T *grad_hs, *grad_Cs;  // (N, H) or null
    long grad_hs_row, grad_Cs_row;
    T *d_gates, *d_h, *d_C;
};

// The rows first <= k < last of every step are one thread's.
template <class T>
void lstm_forward(const Problem<T>& p, const Products<T>& products, const std::vector<long>& starts,
                  long first, long last) {
    const long H = p.H;
    for (long t = 0; t < p.steps; t++) {
        const long rows = std::min<long>(last, p.batch_sizes[t]) - first, row = starts[t] + first;
        if (rows <= 0) break;
        const T* h = t ? p.hs + (starts[t - 1] + first) * H : p.h + first * H;
        const T* C = t ? p.Cs + (starts[t - 1] + first) * H : p.C + first * H;
        T *gates = p.gates + row * 4 * H, *h_new = p.hs + row * H, *C_new = p.Cs + row * H;
        multiply(products.first, p.packed, h, H, gates, 4 * H, rows, true, [=](const Block& block) {
            const int w = block.widths[0];
            for (long k = 0; k < rows; k++) {
                T* a = gates + k * 4 * H + block.unit;
                const long at = k * H + block.unit;
                Vec<T> i = sigmoid<T>(load(a, w)), f = sigmoid<T>(load(a + H, w));
                Vec<T> g = tanh<T>(load(a + 2 * H, w)), o = sigmoid<T>(load(a + 3 * H, w));
                Vec<T> c = f * load(C + at, w) + i * g;
                store(a, i, w);
                store(a + H, f, w);
                store(a + 2 * H, g, w);
                store(a + 3 * H, o, w);
                store(C_new + at, c, w);
                store<T>(h_new + at, o * tanh<T>(c), w);
            }
        });
    }
}

template <class T>
void lstm_backward(const Problem<T>& p, const Products<T>& products,
                   const std::vector<long>& starts, long first, long last) {
    constexpr int L = Simd<T>::L;
    const long H = p.H;
    for (long t = p.steps - 1; t >= 0; t--) {
        const long rows = std::min<long>(last, p.batch_sizes[t]) - first, row = starts[t] + first;
        if (rows <= 0) continue;
        const T* C_before = t ? p.Cs + (starts[t - 1] + first) * H : p.C + first * H;
        T *d_h = p.d_h + first * H, *d_C = p.d_C + first * H, *d_a = p.d_gates + row * 4 * H;
        for (long k = 0; k < rows; k++) {
            const T* gate = p.gates + (row + k) * 4 * H;
            const T* grad = p.grad_hs ? p.grad_hs + (row + k) * p.grad_hs_row : nullptr;
            const T* grad_C = p.grad_Cs ? p.grad_Cs + (row + k) * p.grad_Cs_row : nullptr;
            for (long u = 0; u < H; u += L) {
                const int w = int(std::min<long>(L, H - u));
                const T* g_ = gate + u;
                T* d_ = d_a + k * 4 * H + u;
                Vec<T> i = load(g_, w), f = load(g_ + H, w), g = load(g_ + 2 * H, w);
                Vec<T> o = load(g_ + 3 * H, w);
                Vec<T> d = load(d_h + k * H + u, w), dC = load(d_C + k * H + u, w);
                d += load_or_zero(grad ? grad + u : nullptr, w);
                dC += load_or_zero(grad_C ? grad_C + u : nullptr, w);
                Vec<T> tanh_C = tanh<T>(load(p.Cs + (row + k) * H + u, w));
                dC += d * o * (T(1) - tanh_C * tanh_C);
                store<T>(d_, dC * g * i * (T(1) - i), w);
                store<T>(d_ + H, dC * load(C_before + k * H + u, w) * f * (T(1) - f), w);
                store<T>(d_ + 2 * H, dC * i * (T(1) - g * g), w);
                store<T>(d_ + 3 * H, d * tanh_C * o * (T(1) - o), w);
                store<T>(d_C + k * H + u, dC * f, w);
            }
        }
        multiply(products.first, p.packed, (const T*)d_a, 4 * H, d_h, H, rows, false, Nothing());
    }
}

template <class T, bool kIsRelu>
void rnn_forward(const Problem<T>& p, const Products<T>& products, const std::vector<long>& starts,
                 long first, long last) {
    const long H = p.H;
    for (long t = 0; t < p.steps; t++) {
        const long rows = std::min<long>(last, p.batch_sizes[t]) - first, row = starts[t] + first;
        if (rows <= 0) break;
        const T* h = t ? p.hs + (starts[t - 1] + first) * H : p.h + first * H;
        T* h_new = p.hs + row * H;
        multiply(products.first, p.packed, h, H, h_new, H, rows, true, [=](const Block& block) {
            for (long k = 0; k < rows; k++)
                for (int v = 0; v < block.vectors; v++) {
                    T* at = h_new + k * H + block.columns[v];
                    const int w = block.widths[v];
                    Vec<T> a = load(at, w);
                    store<T>(at, kIsRelu ? (a < Vec<T>{} ? Vec<T>{} : a) : tanh<T>(a), w);
                }
        });
    }
}

template <class T, bool kIsRelu>
void rnn_backward(const Problem<T>& p, const Products<T>& products,
                  const std::vector<long>& starts, long first, long last) {
    constexpr int L = Simd<T>::L;
    const long H = p.H;
    for (long t = p.steps - 1; t >= 0; t--) {
        const long rows = std::min<long>(last, p.batch_sizes[t]) - first, row = starts[t] + first;
        if (rows <= 0) continue;
        T *d_h = p.d_h + first * H, *d_a = p.d_gates + row * H;
        for (long k = 0; k < rows; k++) {
            const T* grad = p.grad_hs ? p.grad_hs + (row + k) * p.grad_hs_row : nullptr;
            for (long u = 0; u < H; u += L) {
                const int w = int(std::min<long>(L, H - u));
                Vec<T> h = load(p.hs + (row + k) * H + u, w);
                Vec<T> d = load(d_h + k * H + u, w) + load_or_zero(grad ? grad + u : nullptr, w);
                store<T>(d_a + k * H + u,
                         kIsRelu ? (h <= Vec<T>{} ? Vec<T>{} : d) : d * (T(1) - h * h), w);
            }
        }
        multiply(products.first, p.packed, (const T*)d_a, H, d_h, H, rows, false, Nothing());
    }
}

template <class T>
void gru_after_forward(const Problem<T>& p, const Products<T>& products,
                       const std::vector<long>& starts, long first, long last) {
    const long H = p.H;
    for (long t = 0; t < p.steps; t++) {
        const long rows = std::min<long>(last, p.batch_sizes[t]) - first, row = starts[t] + first;
        if (rows <= 0) break;
        const T* h = t ? p.hs + (starts[t - 1] + first) * H : p.h + first * H;
        T *gates = p.gates + row * 4 * H, *h_new = p.hs + row * H;
        for (long k = 0; k < rows; k++) {
            T* m = gates + k * 4 * H + 3 * H;
            if (p.b_hn) std::copy(p.b_hn, p.b_hn + H, m);
            else std::fill(m, m + H, T(0));
        }
        multiply(products.first, p.packed, h, H, gates + H, 4 * H, rows, true,
                 [=](const Block& block) {
            const int w = block.widths[0];
            for (long k = 0; k < rows; k++) {
                T* a = gates + k * 4 * H + block.unit;
                const long at = k * H + block.unit;
                Vec<T> r = sigmoid<T>(load(a + H, w)), z = sigmoid<T>(load(a + 2 * H, w));
                Vec<T> n = tanh<T>(load(a, w) + r * load(a + 3 * H, w));
                store(a, n, w);
                store(a + H, r, w);
                store(a + 2 * H, z, w);
                store<T>(h_new + at, n + z * (load(h + at, w) - n), w);
            }
        });
    }
}

template <class T>
void gru_after_backward(const Problem<T>& p, const Products<T>& products,
                        const std::vector<long>& starts, long first, long last) {
    constexpr int L = Simd<T>::L;
    const long H = p.H;
    for (long t = p.steps - 1; t >= 0; t--) {
        const long rows = std::min<long>(last, p.batch_sizes[t]) - first, row = starts[t] + first;
        if (rows <= 0) continue;
        const T* h = t ? p.hs + (starts[t - 1] + first) * H : p.h + first * H;
        T *d_h = p.d_h + first * H, *d_a = p.d_gates + row * 4 * H;
        for (long k = 0; k < rows; k++) {
            const T* gate = p.gates + (row + k) * 4 * H;
            const T* grad = p.grad_hs ? p.grad_hs + (row + k) * p.grad_hs_row : nullptr;
            for (long u = 0; u < H; u += L) {
                const int w = int(std::min<long>(L, H - u));
                const long at = k * H + u;
                T* d_ = d_a + k * 4 * H + u;
                Vec<T> n = load(gate + u, w), r = load(gate + H + u, w);
                Vec<T> z = load(gate + 2 * H + u, w), m = load(gate + 3 * H + u, w);
                Vec<T> d = load(d_h + at, w) + load_or_zero(grad ? grad + u : nullptr, w);
                Vec<T> d_n = d * (T(1) - z) * (T(1) - n * n);
                store(d_, d_n, w);
                store<T>(d_ + H, d_n * m * r * (T(1) - r), w);
                store<T>(d_ + 2 * H, d * (load(h + at, w) - n) * z * (T(1) - z), w);
                store<T>(d_ + 3 * H, d_n * r, w);
                store<T>(d_h + at, d * z, w);
            }
        }
        multiply(products.first, p.packed, (const T*)d_a + H, 4 * H, d_h, H, rows, true, Nothing());
    }
}

template <class T>
void gru_before_forward(const Problem<T>& p, const Products<T>& products,
                        const std::vector<long>& starts, long first, long last) {
    const long H = p.H;
    std::vector<T> scratch((last - first) * H);
    T* s = scratch.data();  // r h, what the candidate sees of the state
    for (long t = 0; t < p.steps; t++) {
        const long rows = std::min<long>(last, p.batch_sizes[t]) - first, row = starts[t] + first;
        if (rows <= 0) break;
        const T* h = t ? p.hs + (starts[t - 1] + first) * H : p.h + first * H;
        T *gates = p.gates + row * 3 * H, *h_new = p.hs + row * H;
        multiply(products.first, p.packed, h, H, gates, 3 * H, rows, true, [=](const Block& block) {
            const int w = block.widths[0];
            for (long k = 0; k < rows; k++) {
                T* a = gates + k * 3 * H + block.unit;
                const long at = k * H + block.unit;
                Vec<T> r = sigmoid<T>(load(a, w));
                store(a, r, w);
                store(a + H, sigmoid<T>(load(a + H, w)), w);
                store<T>(s + at, r * load(h + at, w), w);
            }
        });
        multiply(products.second, p.packed + products.first.size, (const T*)s, H, gates + 2 * H,
                 3 * H, rows, true, [=](const Block& block) {
            for (long k = 0; k < rows; k++)
                for (int v = 0; v < block.vectors; v++) {
                    const int w = block.widths[v];
                    const long u = block.columns[v];
                    T* a = gates + k * 3 * H + u;
                    Vec<T> n = tanh<T>(load(a + 2 * H, w)), z = load(a + H, w);
                    store(a + 2 * H, n, w);
                    store<T>(h_new + k * H + u, n + z * (load(h + k * H + u, w) - n), w);
                }
        });
    }
}

template <class T>
void gru_before_backward(const Problem<T>& p, const Products<T>& products,
                         const std::vector<long>& starts, long first, long last) {
    constexpr int L = Simd<T>::L;
    const long H = p.H;
    std::vector<T> scratch((last - first) * H);
    T* d_s = scratch.data();
    for (long t = p.steps - 1; t >= 0; t--) {
        const long rows = std::min<long>(last, p.batch_sizes[t]) - first, row = starts[t] + first;
        if (rows <= 0) continue;
        const T* h = t ? p.hs + (starts[t - 1] + first) * H : p.h + first * H;
        T *d_h = p.d_h + first * H, *d_a = p.d_gates + row * 3 * H;
        const T* gates = p.gates + row * 3 * H;
        for (long k = 0; k < rows; k++) {
            const T* grad = p.grad_hs ? p.grad_hs + (row + k) * p.grad_hs_row : nullptr;
            for (long u = 0; u < H; u += L) {
                const int w = int(std::min<long>(L, H - u));
                const long at = k * H + u, gate = k * 3 * H + u;
                Vec<T> z = load(gates + gate + H, w), n = load(gates + gate + 2 * H, w);
                Vec<T> d = load(d_h + at, w) + load_or_zero(grad ? grad + u : nullptr, w);
                store<T>(d_a + gate + 2 * H, d * (T(1) - z) * (T(1) - n * n), w);
                store<T>(d_a + gate + H, d * (load(h + at, w) - n) * z * (T(1) - z), w);
                store<T>(d_h + at, d * z, w);
            }
        }
        multiply(products.second, p.packed + products.first.size, (const T*)d_a + 2 * H, 3 * H, d_s,
                 H, rows, false, [=](const Block& block) {
            for (long k = 0; k < rows; k++)
                for (int v = 0; v < block.vectors; v++) {
                    const int w = block.widths[v];
                    const long at = k * H + block.columns[v], gate = k * 3 * H + block.columns[v];
                    Vec<T> r = load(gates + gate, w), d = load(d_s + at, w);
                    store<T>(d_a + gate, d * load(h + at, w) * r * (T(1) - r), w);
                    store<T>(d_h + at, load(d_h + at, w) + d * r, w);
                }
        });
        multiply(products.first, p.packed, (const T*)d_a, 3 * H, d_h, H, rows, true, Nothing());
    }
}

// ---------------------------------------------------------------------------- threads

// Where the share of thread `id` of `count` begins: the sequences are sorted by length, and each
// thread gets about the same number of steps.
template <class T>
long share(const Problem<T>& p, const std::vector<long>& starts, int id, int count) {
    const long B = p.batch_sizes[0], total = starts[p.steps];
    if (id == 0 || id == count) return id ? B : 0;
    long alive = p.steps, done = 0;
    for (long k = 0; k < B; k++) {
        while (alive > 0 && p.batch_sizes[alive - 1] <= k) alive--;  // length of sequence k
        if ((done + alive / 2) * count >= total * id) return k;
        done += alive;
    }
    return B;
}

template <class T, class Pass>
void in_threads(const Problem<T>& p, const Products<T>& products, int threads, Pass pass) {
    std::vector<long> starts(p.steps + 1);
    for (long t = 0; t < p.steps; t++) starts[t + 1] = starts[t] + p.batch_sizes[t];
    threads = int(std::min<long>(threads, p.batch_sizes[0]));
    // Waking a thread costs some microseconds: not for less work than that.
    const double work = double(starts[p.steps]) * double(products.size());
    threads = int(std::min<double>(threads, 1 + work / 5e5));
#ifdef _OPENMP
    if (threads > 1) {
#pragma omp parallel num_threads(threads)
        {
            int id = omp_get_thread_num(), count = omp_get_num_threads();
            pass(p, products, starts, share(p, starts, id, count), share(p, starts, id + 1, count));
        }
        return;
    }
#endif
    pass(p, products, starts, 0, p.batch_sizes[0]);
}

template <class T>
void forward(int cell, const Problem<T>& p, int threads) {
    const Products<T> products(cell, p.H, false);
    switch (cell) {
        case kTanh: return in_threads(p, products, threads, rnn_forward<T, false>);
        case kRelu: return in_threads(p, products, threads, rnn_forward<T, true>);
        case kLstm: return in_threads(p, products, threads, lstm_forward<T>);
        case kGruBefore: return in_threads(p, products, threads, gru_before_forward<T>);
        case kGruAfter: return in_threads(p, products, threads, gru_after_forward<T>);
    }
}

template <class T>
void backward(int cell, const Problem<T>& p, int threads) {
    const Products<T> products(cell, p.H, true);
    switch (cell) {
        case kTanh: return in_threads(p, products, threads, rnn_backward<T, false>);
        case kRelu: return in_threads(p, products, threads, rnn_backward<T, true>);
        case kLstm: return in_threads(p, products, threads, lstm_backward<T>);
        case kGruBefore: return in_threads(p, products, threads, gru_before_backward<T>);
        case kGruAfter: return in_threads(p, products, threads, gru_after_backward<T>);
    }
}

// Packs w_hh (G H, H). Forwards its rows are the product's columns, backwards its columns are.
template <class T>
void pack(int cell, long H, bool backwards, const T* w_hh, T* packed, int threads) {
    const Products<T> products(cell, H, backwards);
    if (products.size() < 65536) threads = 1;
    const long row = backwards ? H : 1, column = backwards ? 1 : H;
    products.first.pack(w_hh, row, column, packed, threads);
    if (products.two)
        products.second.pack(w_hh + 2 * H * H, row, column, packed + products.first.size, threads);
}

}  // namespace

#define RNNBOOK_EXPORT(T, NAME)                                                                     \
    extern "C" long packed_size_##NAME(int cell, long H, int backwards) {                           \
        return Products<T>(cell, H, backwards).size();                                              \
    }                                                                                               \
    extern "C" void pack_##NAME(int cell, long H, int backwards, const T* w_hh, T* packed,          \
                                int threads) {                                                      \
        pack<T>(cell, H, backwards, w_hh, packed, threads);                                         \
    }                                                                                               \
    extern "C" void forward_##NAME(int cell, long steps, const int64_t* batch_sizes, long H,        \
                                   T* gates, const T* h, const T* C, const T* packed,               \
                                   const T* b_hn, T* hs, T* Cs, int threads) {                      \
        Problem<T> p = {steps, batch_sizes, H, gates, hs, Cs, h, C, packed, b_hn,                   \
                        nullptr, nullptr, 0, 0, nullptr, nullptr, nullptr};                         \
        forward<T>(cell, p, threads);                                                               \
    }                                                                                               \
    extern "C" void backward_##NAME(int cell, long steps, const int64_t* batch_sizes, long H,       \
                                    const T* gates, const T* h, const T* C, const T* packed,        \
                                    const T* hs, const T* Cs, const T* grad_hs, long grad_hs_row,   \
                                    const T* grad_Cs, long grad_Cs_row, T* d_gates, T* d_h,         \
                                    T* d_C, int threads) {                                          \
        Problem<T> p = {steps, batch_sizes, H, (T*)gates, (T*)hs, (T*)Cs, h, C, packed, nullptr,    \
                        grad_hs, grad_Cs, grad_hs_row, grad_Cs_row, d_gates, d_h, d_C};             \
        backward<T>(cell, p, threads);                                                              \
    }

RNNBOOK_EXPORT(float, float32)
RNNBOOK_EXPORT(double, float64)
