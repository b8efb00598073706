package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// A machine for which Go may fuse a product with a sum, as settings of go build.
var fusing = [][]string{
	{"GOARCH=arm64"},
	{"GOARCH=amd64", "GOAMD64=v3"},
}

// instruction matches a line of the compiler's listing whose instruction multiplies
// and adds with one rounding: the place in brackets, then the mnemonic. All of
// FMADD, FMSUB, FNMADD, FNMSUB (arm64, scalar), VFMLA, VFMLS (arm64, vectors) and
// VFMADD…, VFMSUB…, VFNM…, VFMADDSUB… (amd64).
var instruction = regexp.MustCompile(`\((\S+?):(\d+)\)\t(V?FN?M(?:ADD|SUB)\w*|VFML[AS]\w*)\t`)

// symbol matches the head of a function in the listing.
var symbol = regexp.MustCompile(`^(\S+) STEXT `)

// fused compiles the core for machines that can fuse and looks for instructions
// that do. It reads the compiler's own listing (-S), not a disassembly: `go tool
// objdump` does not decode amd64's vector instructions and would pass every binary.
// The listing has every function of a package, also those no program links.
func fused(root string) ([]finding, error) {
	var findings []finding
	for _, machine := range fusing {
		found, err := fusedOn(root, machine, "./core/...")
		if err != nil {
			return nil, err
		}
		findings = append(findings, found...)
	}
	return findings, nil
}

// fusedOn looks at the packages on one machine.
func fusedOn(root string, machine []string, packages string) ([]finding, error) {
	cmd := exec.Command("go", "build", "-gcflags=-S", packages)
	cmd.Dir = root
	cmd.Env = append(append(os.Environ(), "GOOS=linux", "CGO_ENABLED=0"), machine...)
	listing, err := cmd.CombinedOutput() // -S prints to the error stream
	if err != nil {
		return nil, fmt.Errorf("go build for %s: %w\n%s", strings.Join(machine, " "), err, lastLines(listing))
	}
	if !bytes.Contains(listing, []byte(" STEXT ")) {
		return nil, fmt.Errorf("go build -gcflags=-S for %s listed no function: this check would pass anything", strings.Join(machine, " "))
	}
	here, err := filepath.Abs(root)
	if err != nil {
		return nil, err
	}
	var findings []finding
	function := ""
	for line := range strings.Lines(string(listing)) {
		if m := symbol.FindStringSubmatch(line); m != nil {
			function = m[1]
			continue
		}
		if m := instruction.FindStringSubmatch(line); m != nil {
			number, _ := strconv.Atoi(m[2]) // digits, by the expression
			findings = append(findings, finding{strings.TrimPrefix(m[1], here+"/"), number,
				fmt.Sprintf("%s in %s for %s: write the product as float32(a*b) or float64(a*b)", m[3], function, strings.Join(machine, " "))})
		}
	}
	return findings, nil
}

// lastLines is the end of a long output, where the compiler's errors are.
func lastLines(output []byte) []byte {
	const enough = 2000
	return output[max(0, len(output)-enough):]
}
