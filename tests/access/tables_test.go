//go:build browser

package access

import "testing"

// The page of tables, from empty to a model that is understood, published and kept.
func TestTables(t *testing.T) {
	v := visitPage(t, "")
	v.WaitFor(`document.querySelector('#samples button:enabled')`)
	v.check("empty")

	v.press("#sample-churn")
	v.WaitFor(`document.querySelector('#columns tr[data-column]') && document.querySelector('#train').matches(':enabled')`)
	v.press(`#columns button.fold`)
	v.check("a table is open")

	v.set("rate", "nonsense")
	v.WaitFor(`document.querySelector('#rate-check')`)
	v.press("#train")
	v.WaitFor(`document.querySelector('#problem-train')`)
	v.check("the form is wrong")
	v.press("#problem-train button")
	v.press("#reset")

	v.set("epochs", "100000")
	v.Eval(`void (document.querySelector('#early').checked && document.querySelector('#early').click())`, nil)
	v.press("#train")
	v.WaitFor(`document.querySelector('#plot-loss')`)
	v.press("#pause")
	v.press("#inside-toggle")
	v.check("it trains, and is held")
	v.press("#pause")
	v.press("#stop")
	v.WaitFor(`document.querySelector('#test-score') && !document.querySelector('#train-progress')`)
	v.train("30")
	v.WaitFor(`document.querySelector('#score-interval')`)
	v.press("#default-row")
	v.WaitFor(`document.querySelector('#prediction')`)
	v.check("trained")
}

// Everything that can be asked about a model of tables.
func TestInsights(t *testing.T) {
	v := visitPage(t, "")
	v.press("#sample-churn")
	v.train("12")
	v.WaitFor(`document.querySelector('#score-interval')`)
	v.press(`#confusion .wrong button, #confusion button`)
	v.WaitFor(`document.querySelector('#judged-rows tr[data-line]')`)
	v.press("#why-columns")
	v.WaitFor(`document.querySelector('#importance tr[data-column]')`)
	v.press(`#importance tr[data-column] button`)
	v.WaitFor(`document.querySelector('#plot-column')`)
	v.Eval(`(() => { const c = document.querySelector('#groups-column'); c.value = c.options[2].value; c.dispatchEvent(new Event('change', { bubbles: true })); })()`, nil)
	v.WaitFor(`document.querySelector('#groups-table tr[data-group]')`)
	v.set("cost-miss", "5")
	v.set("folds-number", "3")
	v.press("#folds-ask")
	v.WaitFor(`document.querySelector('#folds-text')`)
	v.press("#default-row")
	v.press("#why-row")
	v.WaitFor(`document.querySelector('#why-table')`)
	v.press("#learning-ask")
	v.WaitFor(`document.querySelector('#learning-verdict')`)
	v.check("understood")
}

// What one does with a model: keep it, check it, describe it, put it on a page; and how
// training is compared and searched.
func TestModels(t *testing.T) {
	v := visitPage(t, "")
	v.press("#sample-garden")
	v.train("5")
	v.train("6")
	v.WaitFor(`document.querySelector('#runs-table tr[data-run="1"]')`)
	v.set("save-name", "My garden")
	v.press("#save")
	v.WaitFor(`document.querySelector('#models li[data-model]')`)
	v.press("#publish")
	v.WaitFor(`document.querySelector('#publish-panel')`)
	v.press("#verify")
	v.WaitFor(`document.querySelector('#verified')`)
	v.press("#find-rate")
	v.WaitFor(`document.querySelector('#rate-said')`)
	v.press("#profile")
	v.WaitFor(`document.querySelector('#profile-found')`)
	v.set("search-trials", "2")
	v.press("#search")
	v.WaitFor(`document.querySelector('#search-said')`)
	v.press("#wipe")
	v.check("kept and published")
	v.press(`#models li button[data-act="shelf.load"]`)
	v.WaitFor(`document.querySelector('#loaded-model')`)
	v.press(`#models li button[data-act="shelf.delete"]`)
	v.WaitFor(`document.querySelector('#delete-yes')`)
	v.check("opened again, about to be deleted")
}
