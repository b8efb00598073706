//go:build browser

package access

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// The model card that the studio gives away is a page of its own, in the language of the
// page that made it.
func TestCard(t *testing.T) {
	for lang, said := range map[string]string{"": "What it is worth", "?lang=zh": "它的价值"} {
		v := visitPage(t, lang)
		v.press("#sample-churn")
		v.train("3")
		v.Eval(`(() => { const make = URL.createObjectURL; URL.createObjectURL = (blob) => { window.given = blob; return make(blob); }; })()`, nil)
		v.unfold()
		v.press("#card-html")
		v.WaitFor(`window.given`)
		var card string
		v.Eval(`window.given.text()`, &card)
		require.Contains(t, card, said)
		p := served(t, strings.Replace(card, "<html ", "<html data-live=none ", 1)) // nothing on it changes
		Check(t, p, "the card is open"+lang)
	}
}
