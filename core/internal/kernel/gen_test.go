package kernel

import (
	"os"
	"os/exec"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestGeneratedFilesAreCurrent fails when a native kernel was changed and its
// WebAssembly twin not made anew.
func TestGeneratedFilesAreCurrent(t *testing.T) {
	if runtime.GOOS == "js" {
		t.Skip("a browser cannot run the generator; the native run of this test does")
	}
	goTool, err := exec.LookPath("go")
	if err != nil {
		t.Skip("no go command here to run the generator with")
	}
	generator := exec.Command(goTool, "run", "gen_wasm.go", "-check")
	generator.Env = append(os.Environ(), "GOOS=", "GOARCH=") // it runs here, whatever this test was compiled for
	out, err := generator.CombinedOutput()
	require.NoError(t, err, "%s", out)
}
