# Terrarium's tools. Any Go from 1.21 on fetches the toolchain named here by itself.
export GOTOOLCHAIN := go1.27.3
export GOEXPERIMENT := simd

GO := go

# What the contract "the same bits everywhere" is proved with, on every machine
# that can be had: the kernels, what schedules them, and whole training runs. They run
# with -short: whether something is learned well shows once, natively.
BITS := ./core/internal/kernel ./core/data/image ./core/graph ./core/nn ./core/optim ./core/train

.PHONY: run test bench bench-peers interop fuzz scores lint size dist clean \
	test-native test-nosimd test-widths test-v3 test-arm64 test-wasm test-browser chromium

# ADDR=:9000 for another address.
run:
	$(GO) run . -open $(if $(ADDR),-addr $(ADDR))

# Three stages at a time, the longest first: each waits a good deal, for a browser to start
# or for a clock, and none keeps two processors busy by itself.
JOBS ?= 3
test:
	@$(MAKE) --no-print-directory -j$(JOBS) --output-sync=target \
		test-browser lint test-wasm test-arm64 test-nosimd test-native test-v3 test-widths
	@echo "all tests passed"

# The race detector would need cgo; the core's only goroutines are the pool's.
test-native:
	$(GO) test ./...

test-nosimd:
	GOEXPERIMENT=nosimd $(GO) test ./core/... ./bindings/...

# Every vector width that this machine has: the portable kernels choose one as the
# program starts, and GODEBUG lowers it. 0 is emulation.
test-widths:
	@./tests/widths.sh $(BITS)

# This instruction set is where Go fuses a multiplication with an addition.
test-v3:
	@./tests/foreign.sh v3 -short $(BITS)

test-arm64:
	@./tests/foreign.sh arm64 -short -timeout 30m $(BITS)

# The tests of core and bindings, and the outside oracle's cases, inside Chromium.
test-wasm: chromium .bin/wasmbrowsertest
	@./tests/wasm.sh ./core/... ./bindings/... ./tests/golden

# The site as its visitors use it, in Chromium and Firefox.
test-browser: # Chromium as a line of its own: as a prerequisite it would let other stages go first
	@./tests/chromium.sh
	@$(GO) run . build
	$(GO) test -tags browser -count 1 -timeout 24m ./tests/... ./core/internal/wasmgen

# Natively, then the same benchmarks in Chromium, with vector instructions and
# without. The output is benchstat's: COUNT=10 gives it something to compare.
COUNT ?= 1
BENCH := -run '^$$' -bench . -benchtime 200ms -count $(COUNT)
bench: chromium .bin/wasmbrowsertest
	$(GO) test $(BENCH) ./core/...
	@./tests/wasm.sh $(BENCH) ./core/internal/kernel ./core/data ./core/train
	$(GO) test -tags browser $(BENCH) ./tests

# The libraries that do the same in a browser, side by side with this one; npm gets them
# into a temporary folder, or into NPM, which is kept. ROUNDS=5; ENGINES=terrarium,tfjs
# and WORK=mlp32,start choose (tests/peers/catalogue_test.go has the names).
bench-peers: chromium
	$(GO) test -tags browser -run '^$$' -bench Peers -benchtime 1x -timeout 5h ./tests/peers

# TensorFlow.js and ONNX Runtime open what Terrarium writes; they come from npm, as above.
interop:
	$(GO) test -tags interop -count 1 -v ./tests/interop

# FUZZTIME for each target; an hour in all.
FUZZTIME ?= 60s
fuzz:
	@./tests/fuzz.sh $(FUZZTIME)

# What the pages reach by their own settings on real data, the means over seeds 1 to 5.
scores: chromium
	@$(GO) run . build
	SCORES=all $(GO) test -tags browser -count 1 -timeout 2h -v -run Score ./tests

lint:
	@./tests/lint.sh

size:
	@$(GO) run . size

dist:
	@$(GO) run . dist

chromium:
	@./tests/chromium.sh

# Built for this machine; `go test -exec 'go tool …'` would compile it for js.
.bin/wasmbrowsertest: go.mod
	@GOEXPERIMENT=nosimd $(GO) build -o $@ github.com/agnivade/wasmbrowsertest

clean:
	rm -rf .bin dist site/*.wasm site/*.wasm.br site/*.wasm.gz site/wasm_exec.js tests/artefacts
