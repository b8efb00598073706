// Package data turns a file that somebody has into numbers that a network can learn
// from, and keeps a record of every decision on the way.
//
//	t, err := data.ReadTable(file, data.ReadOptions{Name: "penguins.csv"})
//	setup, err := t.Suggest("species", nil)   // every decision, with a reason; change any of them
//	p, err := t.Prepare(setup, nil)           // split, fitted on the training part, encoded
//	d := data.SuggestTraining(p)              // a sound first network for these data
//	err = p.Pipeline.Encode(features, row)    // later: one new row
//
// A Table keeps the text of its cells, so that the type of a column stays a decision
// that can be corrected. Nothing is learned from validation or test rows: means,
// categories and fills come from the training part alone (a Pipeline is fitted once,
// then saved with the model).
//
// All arithmetic here that can reach a weight follows contract C1: + - * / and sqrt,
// no fused products, sums in row order, random numbers from seeded streams. The same
// file, setup and seed give the same bits on every machine.
//
// Errors are *tensor.Error with code "data", "memory", "option", "format" or
// "aborted"; Row is the line of the file and Column the column's name, where known.
package data
