package build

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"
)

// Sizes prints what each file of the built site weighs, plain and packed, and
// returns an error that names every program over its budget.
func Sizes(root string, out io.Writer) error {
	files, err := siteFiles(filepath.Join(root, "site"))
	if err != nil {
		return err
	}
	budgets := map[string]int{}
	for _, p := range Programs {
		budgets[p.File] = p.Budget
	}
	var over []string
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(table, "bytes\tgzip\tbrotli\tbudget\t  file\n")
	for _, f := range files {
		gz, br, err := f.packedSizes()
		if err != nil {
			return err
		}
		budget := "-"
		if b, ok := budgets[f.name]; ok {
			budget = fmt.Sprint(b)
			if br > b {
				over = append(over, fmt.Sprintf("%s takes %d bytes as brotli, its budget is %d", f.name, br, b))
			}
		}
		fmt.Fprintf(table, "%d\t%d\t%d\t%s\t  %s\n", len(f.content), gz, br, budget, f.name)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	if len(over) > 0 {
		return fmt.Errorf("too large: %s", strings.Join(over, "; "))
	}
	return nil
}

// packedSizes of a program come from its twins, which are made if need be; those of
// other files are found by packing them.
func (f *siteFile) packedSizes() (gz, br int, err error) {
	sizes := map[string]int{}
	program := filepath.Ext(f.name) == ".wasm"
	if program {
		if err := Compress(f.path); err != nil {
			return 0, 0, err
		}
	}
	for _, e := range Encodings {
		var packed []byte
		if program {
			packed, err = os.ReadFile(f.path + e.Ending)
		} else {
			packed, err = e.Encode(f.content)
		}
		if err != nil {
			return 0, 0, err
		}
		sizes[e.Name] = len(packed)
	}
	return sizes["gzip"], sizes["br"], nil
}
