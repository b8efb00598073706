package build

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// maxEmbed is what the widget may weigh: a page that predicts loads it and a model.
const maxEmbed = 6 << 10

func TestEmbedIsSmallAndAlone(t *testing.T) {
	content, err := os.ReadFile(filepath.Join("..", "embed.js"))
	require.NoError(t, err)
	packed, err := Encoding{Name: "gzip"}.Encode(content)
	require.NoError(t, err)
	assert.LessOrEqual(t, len(packed), maxEmbed, "embed.js, as gzip")
	text := string(content)
	assert.Equal(t, []string{"import('./embed-media.js')"}, regexp.MustCompile(`import\b[^;]*`).FindAllString(text, -1), "it loads its other half, and nothing else")
	for _, foreign := range []string{"eval", "innerHTML", "http:", "https:", "localStorage", "sendBeacon", "setAttribute('style"} {
		assert.NotContains(t, text, foreign)
	}
	assert.Equal(t, 1, strings.Count(text, "fetch("), "it loads the model, and nothing else")
}

// The declarations name every word, property of looks and part that embed.js has.
func TestEmbedIsDeclared(t *testing.T) {
	script, err := os.ReadFile(filepath.Join("..", "embed.js"))
	require.NoError(t, err)
	media, err := os.ReadFile(filepath.Join("..", "embed-media.js"))
	require.NoError(t, err)
	declared, err := os.ReadFile(filepath.Join("..", "embed.d.ts"))
	require.NoError(t, err)
	words, _, _ := strings.Cut(string(script), "\n};")
	for pattern, in := range map[string]string{`(\w+): '`: words, `part: '(\w+)'`: string(script) + string(media), `--terrarium(-[a-z-]+)`: string(script)} {
		found := regexp.MustCompile(pattern).FindAllStringSubmatch(in, -1)
		require.NotEmpty(t, found, pattern)
		for _, f := range found {
			assert.Contains(t, string(declared), f[1])
		}
	}
}
