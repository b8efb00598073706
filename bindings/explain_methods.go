//go:build !engine

package bindings

// What judges and explains is the studio's: the program for those who only import the
// engine, which has no words for it yet, is smaller without (65 KB as brotli).
func init() {
	handlers[MethodJudgeTest] = handle(judgeTest)
	handlers[MethodJudgeRows] = handle(judgeRows)
	handlers[MethodJudgeThreshold] = handle(judgeThreshold)
	handlers[MethodJudgeGroups] = handle(judgeGroups)
	handlers[MethodJudgeFolds] = handle(judgeFolds)
	handlers[MethodJudgeLearning] = handle(judgeLearning)
	handlers[MethodWhyColumns] = handle(whyColumns)
	handlers[MethodWhyColumn] = handle(whyColumn)
	handlers[MethodWhyRow] = handle(whyRow)
	handlers[MethodWhyPicture] = handle(whyPicture)
}
