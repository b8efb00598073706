package card

import "strings"

var escape = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")

// style is all that the page looks like: it loads nothing.
const style = `body{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#1c2420;background:#fff}` +
	`h1,h2{line-height:1.2}h2{margin-top:2rem;border-bottom:1px solid #9aa}table{border-collapse:collapse;width:100%}` +
	`th,td{text-align:left;vertical-align:top;padding:.2rem .8rem .2rem 0;border-bottom:1px solid #cdd3cf;overflow-wrap:anywhere}` +
	`th{min-width:6rem}` +
	`code,pre{font-size:.85em;overflow-wrap:anywhere;white-space:pre-wrap}` +
	`@media(prefers-color-scheme:dark){body{color:#dfe7e2;background:#161b18}th,td{border-color:#3a443e}}`

// HTML is the card as one page of its own, without a script, that loads nothing; its policy
// says so. What comes from the data is text, whatever it looks like. Say puts the card's
// words into the language of the code lang; nil leaves them English.
func (c *Card) HTML(lang string, say func(words string) string) string {
	if say == nil {
		say = func(words string) string { return words }
	}
	w := &writer{}
	w.raw(`<!DOCTYPE html><html lang="`).text(lang).raw(`"><head><meta charset="utf-8">` +
		`<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">` +
		`<meta name="viewport" content="width=device-width, initial-scale=1"><title>`).text(say("Model card")).raw(`</title><style>` + style + `</style></head><body><main>`)
	w.raw(`<p>`).text(say("Model card")).raw(`</p><h1 translate="no">`).text(c.Name).raw(`</h1>`)
	for _, s := range c.Sections() {
		w.raw("<h2>").text(say(s.Title)).raw("</h2>")
		if len(s.Rows) > 0 {
			w.raw("<table>")
			for _, r := range s.Rows {
				w.raw("<tr>")
				for i, cell := range r {
					tag := "td"
					if i == 0 {
						tag = `th scope="row"`
					}
					if cell.own() {
						tag += ` translate="no"`
					}
					w.raw("<" + tag + ">").text(cell.Words(say)).raw("</" + tag[:2] + ">")
				}
				w.raw("</tr>")
			}
			w.raw("</table>")
		}
		if len(s.Items) > 0 {
			w.raw("<ul>")
			for _, item := range s.Items {
				w.raw("<li>").text(say(item)).raw("</li>")
			}
			w.raw("</ul>")
		}
	}
	w.raw("</main></body></html>\n")
	return w.b.String()
}

type writer struct{ b strings.Builder }

func (w *writer) raw(s string) *writer  { w.b.WriteString(s); return w }
func (w *writer) text(s string) *writer { escape.WriteString(&w.b, s); return w }
