package main

import (
	"go/ast"
	"go/token"
	"slices"
	"strconv"
	"strings"
)

// exact are the functions and constants of a package that give the same bits on
// every machine. All others of that package are refused under core/: they are
// written for speed, and fuse products, differently from one processor to the next.
var exact = map[string][]string{
	"math": {"Sqrt", "Floor", "Ceil", "Trunc", "Abs", "Copysign", "IsNaN", "IsInf", "Inf", "NaN", "Signbit",
		"Float32bits", "Float32frombits", "Float64bits", "Float64frombits",
		"Pi", "E", "Ln2", "Ln10", "Log2E", "Log10E", "Sqrt2", "SqrtPi",
		"MaxFloat32", "MaxFloat64", "SmallestNonzeroFloat32", "SmallestNonzeroFloat64",
		"MaxInt", "MinInt", "MaxInt8", "MinInt8", "MaxInt16", "MinInt16", "MaxInt32", "MinInt32", "MaxInt64", "MinInt64",
		"MaxUint8", "MaxUint16", "MaxUint32", "MaxUint64"},
	"github.com/chewxy/math32": {"Sqrt", "Floor", "Ceil", "Trunc", "Abs", "Copysign", "IsNaN", "IsInf", "Inf", "NaN", "Signbit",
		"Float32bits", "Float32frombits"},
	// Uint64N without a stream is how a seed is drawn for who gave none.
	"math/rand/v2": {"New", "NewPCG", "PCG", "Rand", "Source", "Uint64N"},
	"math/rand":    {},
	"math/cmplx":   {},
}

// methods that are refused under core/ whoever has them: their names are enough.
var methods = map[string]string{
	"MulAdd":      "fuses, and rounds once where others round twice: write x.Mul(y).Add(z)",
	"FMA":         "rounds once where others round twice",
	"NormFloat64": "has other bits on other machines: the project has normal variates of its own",
	"ExpFloat64":  "has other bits on other machines",
	"IntN":        "is outside of what the seeded streams promise: use Uint64N",
	"Int64N":      "is outside of what the seeded streams promise: use Uint64N",
	"Int32N":      "is outside of what the seeded streams promise: use Uint64N",
	"Uint32N":     "is outside of what the seeded streams promise: use Uint64N",
}

// ofVectors are refused in files that use vectors.
var ofVectors = map[string]string{
	"Min": "differs between machines for NaN and ±0: compare and choose by IfElse",
	"Max": "differs between machines for NaN and ±0: compare and choose by IfElse",
}

// display on a line says that its result is only ever shown to people.
const display = "//terrarium:display"

// checkCalls refuses, in the core's code, what would make bits depend on the
// machine. Tests may use it for their tolerances.
func checkCalls(name string, set *token.FileSet, file *ast.File) []finding {
	if !strings.HasPrefix(name, "core/") || strings.HasSuffix(name, "_test.go") {
		return nil
	}
	allowed := displayLines(set, file)
	imported := importNames(file)
	vectors := slices.ContainsFunc(file.Imports, func(s *ast.ImportSpec) bool {
		return s.Path.Value == `"simd"` || s.Path.Value == `"simd/archsimd"`
	})
	var findings []finding
	refuse := func(at token.Pos, what, why string) {
		if line := set.Position(at).Line; !allowed[line] {
			findings = append(findings, finding{name, line, what + " " + why})
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		selector, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		pkg, isName := selector.X.(*ast.Ident)
		if path, known := "", false; isName && pkg.Obj == nil {
			if path, known = imported[pkg.Name]; known {
				if names, listed := exact[path]; listed && !slices.Contains(names, selector.Sel.Name) {
					refuse(selector.Pos(), path+"."+selector.Sel.Name,
						"is not among the functions with the same bits on every machine; core/internal/kernel has ours. If the result is only shown, end the line with "+display)
				}
				return true
			}
		}
		if why, listed := methods[selector.Sel.Name]; listed {
			refuse(selector.Sel.Pos(), selector.Sel.Name, why)
		}
		if why, listed := ofVectors[selector.Sel.Name]; listed && vectors {
			refuse(selector.Sel.Pos(), selector.Sel.Name, why)
		}
		return true
	})
	return findings
}

// importNames maps the names under which a file knows packages to their paths.
func importNames(file *ast.File) map[string]string {
	names := map[string]string{}
	for _, spec := range file.Imports {
		path, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue
		}
		parts := strings.Split(strings.TrimSuffix(path, "/v2"), "/")
		name := parts[len(parts)-1]
		if spec.Name != nil {
			name = spec.Name.Name
		}
		names[name] = path
	}
	return names
}

// displayLines are the lines that carry the display comment.
func displayLines(set *token.FileSet, file *ast.File) map[int]bool {
	lines := map[int]bool{}
	for _, group := range file.Comments {
		for _, comment := range group.List {
			if strings.HasPrefix(comment.Text, display) {
				lines[set.Position(comment.Pos()).Line] = true
			}
		}
	}
	return lines
}
