package text

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The paper's own example: low ×5, lower ×2, newest ×6, widest ×3.
func TestBytePairs(t *testing.T) {
	texts := []string{}
	for word, n := range map[string]int{"low": 5, "lower": 2, "newest": 6, "widest": 3} {
		for range n {
			texts = append(texts, word)
		}
	}
	k := trained(t, Options{Kind: KindBytePairs, Vocabulary: 24, Length: 8}, texts...)
	base := len(k.Words) - len(k.Merges)/2
	assert.Equal(t, []string{"es", "est", "lo", "low", "ew", "ewest", "newest"}, k.Words[base:base+7])
	var parts []string
	for _, token := range k.Tokens("lowest") {
		parts = append(parts, token.Text)
	}
	assert.Equal(t, []string{"low", "est"}, parts)
}

// plainPairs learns pairs by counting everything anew after each join.
func plainPairs(texts []string, o Options) (merges []string) {
	type line struct {
		parts []string
		times int
	}
	counts := newCounter(1 << 20)
	for _, text := range texts {
		segments(text, func(s string) bool { counts.add(s, 1); return true })
	}
	var lines []line
	taken := map[string]bool{}
	for _, s := range counts.commonest(1, 1<<20) {
		lines = append(lines, line{strings.Split(s.text, ""), s.count})
		for _, c := range strings.Split(s.text, "") {
			taken[c] = true
		}
	}
	for len(taken) < o.Vocabulary-reserved {
		pairs := map[[2]string]int{}
		for _, l := range lines {
			for i := range len(l.parts) - 1 {
				pairs[[2]string{l.parts[i], l.parts[i+1]}] += l.times
			}
		}
		best, most := [2]string{}, 1
		for p, n := range pairs {
			if !taken[p[0]+p[1]] && (n > most || n == most && most > 1 && (p[0] < best[0] || p[0] == best[0] && p[1] < best[1])) {
				best, most = p, n
			}
		}
		if most < 2 {
			break
		}
		joined := best[0] + best[1]
		taken[joined] = true
		merges = append(merges, joined)
		for k, l := range lines {
			var next []string
			for i := 0; i < len(l.parts); i++ {
				if i+1 < len(l.parts) && l.parts[i] == best[0] && l.parts[i+1] == best[1] {
					next = append(next, joined)
					i++
				} else {
					next = append(next, l.parts[i])
				}
			}
			lines[k].parts = next
		}
	}
	return merges
}

// The learner, which looks only at what changes, joins what counting anew joins.
func TestLearnerIsPlainCounting(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 60 {
		letters := []string{"a", "b", "é", "字", " "}[:2+r.IntN(4)]
		texts := make([]string, 1+r.IntN(30))
		for i := range texts {
			for range r.IntN(40) {
				texts[i] += letters[r.IntN(len(letters))]
			}
		}
		o := Options{Kind: KindBytePairs, Vocabulary: 12 + r.IntN(60), MinCount: 1, Length: 64}
		k, err := Train(append(texts, "ab"), o, nil)
		require.NoError(t, err)
		want := plainPairs(append(texts, "ab"), o)
		assert.Equal(t, want, append([]string(nil), k.Words[len(k.Words)-len(k.Merges)/2:]...))
		for _, text := range texts {
			assert.Equal(t, text, k.Decode(encoded(t, k, text))[:len(text)])
		}
	}
}

// The order of texts is of no account.
func TestTrainingForgetsTheOrder(t *testing.T) {
	texts, _ := ChineseMessages()
	r := rand.New(rand.NewPCG(3, 4))
	for _, kind := range Kinds {
		o := Options{Kind: kind, Vocabulary: 120}
		want := trained(t, o, texts...)
		for range 5 {
			r.Shuffle(len(texts), func(i, j int) { texts[i], texts[j] = texts[j], texts[i] })
			assert.Equal(t, want, trained(t, o, texts...))
		}
	}
}

// BenchmarkBytePairs learns 4,000 tokens from 2 MB of made-up words.
func BenchmarkBytePairs(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	texts := make([]string, 5000)
	for i := range texts {
		var s strings.Builder
		for range 60 {
			for range 2 + r.IntN(4) {
				s.WriteString([]string{"ka", "to", "ri", "mu", "sen", "lo"}[int(6*r.Float64()*r.Float64())])
			}
			s.WriteByte(' ')
		}
		texts[i] = s.String()
	}
	b.ResetTimer()
	for range b.N {
		_, err := Train(texts, Options{Kind: KindBytePairs, Vocabulary: 4000, Length: 64}, nil)
		require.NoError(b, err)
	}
}
