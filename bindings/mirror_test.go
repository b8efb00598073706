//go:build !js

package bindings

import (
	"os"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/terrarium-ml/terrarium/core/data"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// module is the source of site/terrarium.js and of what it is made of.
func module(t *testing.T) string {
	t.Helper()
	text := ""
	for _, file := range []string{"connection.js", "values.js", "terrarium.js"} {
		source, err := os.ReadFile("../site/" + file)
		require.NoError(t, err)
		text += string(source)
	}
	return text
}

// site/terrarium.js speaks the same language: every method and notification that it
// names exists here, and the version is the same.
func TestMirroredInJavaScript(t *testing.T) {
	text := module(t)
	require.Contains(t, text, "const PROTOCOL = 1;")
	require.Equal(t, 1, Protocol)
	known := map[string]bool{NotifyCancel: true, NotifyQuit: true, NotifyEpoch: true, NotifyBatch: true, NotifyProgress: true}
	for method := range handlers {
		known[method] = true
	}
	named := regexp.MustCompile(`'((?:model|table|store|fit)\.[A-Za-z]+|hello|cancel|quit)'`).FindAllStringSubmatch(text, -1)
	require.Greater(t, len(named), 25)
	for _, m := range named {
		require.True(t, known[m[1]], "terrarium.js names %q, which the engine does not know", m[1])
	}
	require.Contains(t, text, "globalThis.terrariumPort = port")
	for code, says := range map[int]string{directClosed: "disposed", directRows: "too many rows", directBusy: "middle of an evaluation", directData: "NaN", directWide: "several"} {
		require.Regexp(t, `'`+regexp.QuoteMeta(strconv.Itoa(code))+`': \['[^']*`+says, text)
	}
}

// block returns the body of a declaration in a file of TypeScript or JavaScript.
func block(t *testing.T, text, head string) string {
	t.Helper()
	_, rest, ok := strings.Cut(text, head+" {\n")
	require.True(t, ok, "there is no %q", head)
	body, _, ok := strings.Cut(rest, "\n}")
	require.True(t, ok)
	return body
}

// declarations is the text of both files of them.
func declarations(t *testing.T) string {
	t.Helper()
	text := ""
	for _, name := range []string{"terrarium", "tables"} {
		part, err := os.ReadFile("../site/" + name + ".d.ts")
		require.NoError(t, err)
		text += string(part)
	}
	return text
}

// The declarations describe what the module has, no more and no less.
func TestDeclarationsMatchTheModule(t *testing.T) {
	js, ts := module(t), declarations(t)
	member := regexp.MustCompile(`(?m)^  (?:(?:readonly|static|async|get|set) )?([a-z]\w*)[(?:<]`)
	for _, class := range []string{"Model", "Table"} {
		body := block(t, js, "class "+class)
		described := map[string]bool{}
		for _, m := range member.FindAllStringSubmatch(block(t, ts, "export interface "+class), -1) {
			described[m[1]] = true
			require.Regexp(t, `(?m)^  (async |get |set )?`+m[1]+`\(|Object\.assign\(this, \{.*\b`+m[1]+`\b`, body, "%s.%s is declared only", class, m[1])
		}
		for _, m := range member.FindAllStringSubmatch(body, -1) {
			if m[1] != "constructor" && m[1] != "prepared" { // prepared is between Model and Table
				require.True(t, described[m[1]], "%s.%s is not declared", class, m[1])
			}
		}
	}
	face := js[strings.LastIndex(js, "\n  return {\n"):]
	for _, m := range member.FindAllStringSubmatch(block(t, ts, "export interface Terrarium"), -1) {
		require.Regexp(t, `\b`+m[1]+`\b`, face, "%s is declared only", m[1])
	}
	for _, code := range []string{tensor.CodeShape, tensor.CodeOption, tensor.CodeData, tensor.CodeNaN, tensor.CodeAborted, tensor.CodeBusy,
		tensor.CodeUnsupported, tensor.CodeFormat, tensor.CodeQuota, tensor.CodeMemory, tensor.CodeEngineLost, ErrorInternal} {
		require.Contains(t, ts, "'"+code+"'")
	}
}

// What the engine answers with is declared under the same names.
func TestDeclarationsMatchTheEngine(t *testing.T) {
	declared := declarations(t)
	for head, v := range map[string]any{
		"Capabilities": Capabilities{}, "RateCurve": RateResult{}, "ReduceLROnPlateauConfig": Plateau{}, "History": FitResult{}, "ModelInfo": StoredModel{}, "TestResult": TestResult{}, "RowResult": RowResult{},
		"Prepared": PrepareResult{}, "Profile": data.Profile{}, "Setup": data.Setup{}, "ColumnSetup": data.ColumnSetup{},
		"LoadedWeights": LoadWeightsResult{}, "Split": data.Split{}, "Notice": data.Notice{}, "SampleInfo": data.SampleInfo{},
	} {
		_, body, ok := strings.Cut(declared, "export interface "+head+" {")
		require.True(t, ok, head)
		body, _, _ = strings.Cut(body, "}\n\n")
		for _, name := range memberNames(reflect.TypeOf(v)) {
			require.Regexp(t, `\b`+name+`\??:`, body, "%s lacks %s", head, name)
		}
	}
}
