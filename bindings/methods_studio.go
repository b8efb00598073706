//go:build !engine

package bindings

// What only the studio asks: whoever imports terrarium.js need not download it.
func init() {
	handlers[MethodImagesSamples] = handle(imagesSamples)
	handlers[MethodImagesOpen] = handle(imagesOpen)
	handlers[MethodImagesEdit] = handle(imagesEdit)
	handlers[MethodImagesPrepare] = handle(imagesPrepare)
	handlers[MethodImagesPreview] = handle(imagesPreview)
	handlers[MethodImagesClassify] = handle(imagesClassify)

	handlers[MethodSeriesSamples] = handle(seriesSamples)
	handlers[MethodSeriesOpen] = handle(seriesOpen)
	handlers[MethodSeriesArrange] = handle(seriesArrange)
	handlers[MethodSeriesPlot] = handle(seriesPlot)
	handlers[MethodSeriesPrepare] = handle(seriesPrepare)
	handlers[MethodSeriesBackTest] = handle(seriesBackTest)
	handlers[MethodSeriesOrigin] = handle(seriesOrigin)
	handlers[MethodSeriesForecast] = handle(seriesForecast)

	handlers[MethodTextsSamples] = handle(textsSamples)
	handlers[MethodTextsOpen] = handle(textsOpen)
	handlers[MethodTextsEdit] = handle(textsEdit)
	handlers[MethodTextsRows] = handle(textsRows)
	handlers[MethodTextsPrepare] = handle(textsPrepare)
	handlers[MethodTextsTokens] = handle(textsTokens)
	handlers[MethodTextsClassify] = handle(textsClassify)
	handlers[MethodTextsAttention] = handle(textsAttention)

	handlers[MethodWritingOpen] = handle(writingOpen)
	handlers[MethodWritingPrepare] = handle(writingPrepare)
	handlers[MethodWritingWrite] = handle(writingWrite)

	handlers[MethodTableChanges] = handle(tableChanges)

	handlers[MethodModelAdapt] = handle(modelAdapt)
	handlers[MethodModelPlan] = handle(modelPlan)
	handlers[MethodModelProfile] = handle(modelProfile)
	handlers[MethodModelSearch] = handle(modelSearch)

	handlers[MethodPlayBegin] = handle(playBegin)
	handlers[MethodPlayStep] = handle(playStep)
}
