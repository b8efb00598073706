package data

import (
	"slices"
	"strings"

	"github.com/terrarium-ml/terrarium/core/tensor"
)

// targetNames are what people call the column that they want to predict.
var targetNames = []string{"target", "label", "labels", "class", "outcome", "result", "y", "output", "species", "survived",
	"churn", "churned", "diagnosis", "default", "spam", "price", "quality", "grade", "score", "response", "category", "type",
	"sales", "cost", "value", "rating", "status", "fraud", "approved", "disease", "income", "mpg", "passengers"}

// guessTarget returns the likeliest target: a column that is named like one; else the
// last column, else the first, of those that can be one. "" if none can.
func (t *Table) guessTarget() string {
	best, bestScore := "", 0
	last := len(t.columns) - 1
	for i, c := range t.columns {
		if c.profile.Role == RoleIgnore || c.kind == KindDate {
			continue
		}
		score := 1
		if k := slices.Index(targetNames, strings.ToLower(c.name)); k >= 0 {
			score += 100 - k
		}
		switch i {
		case last:
			score += 20
		case 0:
			score += 10
		}
		if score > bestScore {
			best, bestScore = c.name, score
		}
	}
	return best
}

// chooseTarget finds the target by name, or guesses it, and says why.
func (t *Table) chooseTarget(name string) (*column, string, error) {
	reason := "You chose this column."
	if name == "" {
		if name = t.guessTarget(); name == "" {
			return nil, "", tensor.Errorf(tensor.CodeData, "No column can be a target: each is empty, always the same, free text or an identifier. Correct the kind of the column that you want to predict.")
		}
		reason = "A guess, from the name and the place of the column. Choose another one if you want to predict something else."
	}
	c, err := t.find(name)
	return c, reason, err
}
