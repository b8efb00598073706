// Package peers compares Terrarium with the libraries that train and run networks in
// browsers: the same work, side by side in the same browser, a fresh page for each
// piece. It is a benchmark, `make bench-peers`, that installs the peers from npm and
// writes what it measured into BENCHMARKS.md; and a test that the harness itself works,
// which needs none of them.
//
// page/ is what runs in the browser: one file an engine in page/engines, the work in
// page/work.js, and in page/reference.js what every answer is checked with.
package peers
