// Package explain tells why a model answers as it does, and for whom it answers well.
//
//	PermutationImportance   which columns of a table the model leans on
//	PartialDependence       how its answer moves with one column, on average and row by row
//	ExplainRow              what each column of one row adds to its answer (LIME)
//	OccludePicture          which parts of a picture the answer hangs on
//	OccludeSteps            which words of a text, or steps of a series
//	Attention               where each layer of attention looks; no explanation by itself
//	IntegratedGradients     what each number of an input adds, by the gradients
//	ScoresByGroup           how good the answers are for each group of rows, of which
//	                        GroupsByWord and GroupsByNumber make some of any column
//	JudgeLearning           what would help: more data, a larger model, less freedom
//	ChooseThreshold         where to say yes when mistakes cost differently
//
// All of these describe the model, not the world: a column that the model leans on need
// not be a cause of anything.
//
// # Rules
//
// Everything random comes from streams named by a seed (kernel.Stream), sums run in a
// stated order in float64, and nothing depends on how rows are divided into blocks: the
// same model, data and seed give the same bits everywhere. Rows are copied a block at a
// time, so that memory is that of the data, the result and a few megabytes.
//
// What takes long takes a context and a Progress. Progress is called after every block of
// predictions, at least, and may return an error, which ends the work; a context that is
// done ends it with code "aborted". Wrong input gives a tensor.Error that names the option
// or column, what was wanted and what was got.
package explain
