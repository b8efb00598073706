//go:build browser

package tests

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// What the page of texts reaches by itself on the SMS Spam Collection: the mean F1 over
// five seeds that were chosen before looking, on the fifth of the messages that it keeps
// aside. Nothing is touched but the seed.
func TestScoreOfText(t *testing.T) {
	path := dataFile(t, "sms-spam.tsv")
	s := newDesk(t)
	s.choose("file", 5574, path)
	sum := 0.0
	for seed := 1; seed <= 5; seed++ {
		score := s.train(seed)
		f1 := s.number("#score-f1")
		t.Logf("seed %d: F1 %.4f, accuracy %.4f. %s", seed, f1, score, s.Text("#fit-summary"))
		sum += f1
	}
	t.Logf("mean F1 %.4f", sum/5)
	assert.GreaterOrEqual(t, sum/5, 0.90)
}
