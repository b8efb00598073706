// Command lint checks what the house promises and no general tool knows:
//
//	lint house   who imports whom, which functions may not be called, how long files are
//	lint fused   that no multiplication of the core is fused with an addition
//
// It prints one line for each finding and ends with status 1 if there is any.
package main

import (
	"fmt"
	"os"
	"strings"
)

// A finding is one broken rule at one place.
type finding struct {
	file string
	line int // from 1; 0 where it is about the whole file
	text string
}

func (f finding) String() string {
	if f.line == 0 {
		return f.file + ": " + f.text
	}
	return fmt.Sprintf("%s:%d: %s", f.file, f.line, f.text)
}

var checks = map[string]func(root string) ([]finding, error){"house": house, "fused": fused}

func main() {
	check, ok := checks[strings.Join(os.Args[1:], " ")]
	if !ok {
		fmt.Fprintln(os.Stderr, "usage: lint house|fused")
		os.Exit(2)
	}
	findings, err := check(".")
	if err != nil {
		fmt.Fprintln(os.Stderr, "lint:", err)
		os.Exit(2)
	}
	for _, f := range findings {
		fmt.Println(f)
	}
	if len(findings) > 0 {
		os.Exit(1)
	}
}
