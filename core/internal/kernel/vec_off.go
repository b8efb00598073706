//go:build !goexperiment.simd || !(amd64 || arm64 || wasm)

package kernel

// The vector kernels of a build without SIMD: none does anything.

func fillVec(dst []float32, v float32) int                                          { return 0 }
func addVec(dst, a, b []float32) int                                                { return 0 }
func subVec(dst, a, b []float32) int                                                { return 0 }
func mulVec(dst, a, b []float32) int                                                { return 0 }
func scaleVec(dst, a []float32, s float32) int                                      { return 0 }
func addScaledVec(dst, a []float32, s float32) int                                  { return 0 }
func expVec(dst, x []float32) int                                                   { return 0 }
func logVec(dst, x []float32) int                                                   { return 0 }
func log1pVec(dst, x []float32) int                                                 { return 0 }
func erfVec(dst, x []float32) int                                                   { return 0 }
func activateVec(kind Activation, alpha float32, y, x []float32) int                { return 0 }
func activateGradVec(kind Activation, alpha float32, dx, dy, s []float32) int       { return 0 }
func sumVec(p *partials, x []float32) int                                           { return 0 }
func dotVec(p *partials, a, b []float32) int                                        { return 0 }
func sumAbsVec(p *partials, x []float32) int                                        { return 0 }
func maxVec(p *partials, x []float32) int                                           { return 0 }
func sumExpVec(p *partials, x []float32, m float32) int                             { return 0 }
func nonFiniteVec(x []float32) (int, bool)                                          { return 0, false }
func expShiftVec(dst, x []float32, m float32) int                                   { return 0 }
func divideVec(dst []float32, s float32) int                                        { return 0 }
func mulShiftedVec(dst, a, b []float32, s float32) int                              { return 0 }
func sub2Vec(dst, x []float32, m, l float32) int                                    { return 0 }
func subExpScaledVec(dst, a, y []float32, s float32) int                            { return 0 }
func squaredErrorVec(s *partials, p, t []float32) int                               { return 0 }
func scaledDifferenceVec(dst, p, t []float32, f float32) int                        { return 0 }
func absErrorVec(s *partials, p, t []float32) int                                   { return 0 }
func signedVec(dst, p, t []float32, f float32) int                                  { return 0 }
func bceLogitsVec(s *partials, x, t []float32) int                                  { return 0 }
func bceLogitsGradVec(dx, x, t []float32, f float32) int                            { return 0 }
func bceLogitVec(loss, x, t []float32) int                                          { return 0 }
func bceLogitGradRowsVec(dx, x, t, scale []float32) int                             { return 0 }
func bceVec(s *partials, p, t []float32) int                                        { return 0 }
func bceGradVec(dp, p, t []float32, f float32) int                                  { return 0 }
func cceLogitsVec(s *partials, x, t []float32, m, l float32) int                    { return 0 }
func cceLogitsGradVec(d, t []float32, s, total, f float32) int                      { return 0 }
func huberVec(s *partials, p, t []float32, delta float32) int                       { return 0 }
func huberGradVec(dp, p, t []float32, delta, f float32) int                         { return 0 }
func sgdVec(p, g []float32, lr float32) int                                         { return 0 }
func momentumVec(p, g, v []float32, lr, mu float32, nesterov bool) int              { return 0 }
func adamVec(p, g, m, v []float32, b1, omb1, b2, omb2, c1, c2, lr, eps float32) int { return 0 }
func rmspropVec(p, g, s, mom, gm []float32, rho, omrho, mu, lr, eps float32) int    { return 0 }
func adagradVec(p, g, a []float32, initial, lr, eps float32) int                    { return 0 }
func adadeltaVec(p, g, a, d []float32, rho, omrho, lr, eps float32) int             { return 0 }
func adamaxVec(p, g, m, u []float32, b1, omb1, b2, lr, eps float32) int             { return 0 }
func clipVec(g []float32, c float32) int                                            { return 0 }
func addL1L2Vec(g, w []float32, l1, l2 float32) int                                 { return 0 }
func colSumsVec(m, n int, a []float32, lda int, out []float32, acc bool) int        { return 0 }
func lstmVec(u int, a, before, c, t, h []float32) int                               { return 0 }
func lstmGradVec(u int, a, before, t, dh, dc []float32) int                         { return 0 }
func gruGatesVec(u int, a, h, rh []float32) int                                     { return 0 }
func gruVec(u int, a, m, h, next []float32) int                                     { return 0 }
func gruGradVec(u int, a, m, h, dh []float32) int                                   { return 0 }
func gruResetGradVec(u int, a, h, drh, dh []float32) int                            { return 0 }
func sumSquaresFromVec(p *partials, x []float32, m float32) int                     { return 0 }
func normalizeRowVec(y, x, gamma, beta []float32, m, r float32) int                 { return 0 }
func normSumsVec(p, q *partials, x, dy, gamma []float32, m, r float32) int          { return 0 }
func normRowGradVec(dx, x, dy, gamma []float32, m, r, s, d float32) int             { return 0 }
func addNormParamsVec(dgamma, dbeta, x, dy []float32, m, r float32) int             { return 0 }
func colDotsVec(m, n int, d, x, mean, out []float32) int                            { return 0 }
func colSquaresVec(m, n int, x, mean, out []float32) int                            { return 0 }
func affineVec(y, x, mean, scale, shift []float32) int                              { return 0 }
func affineGradVec(dx, dy, x, mean, scale, b, c []float32) int                      { return 0 }
func scaleMaxVec(p *partials, s []float32, f float32) int                           { return 0 }
func expSumVec(p *partials, x []float32, m float32) int                             { return 0 }
func scoresGradVec(d, w []float32, dot, scale float32) int                          { return 0 }
func gemmRowVec(k int, a, b []float32, ldb int, c []float32, first bool) int        { return 0 }
func maxPoolVec(r *poolRun, y, x []float32) int                                     { return 0 }
func maxPoolGradVec(r *poolRun, dx, dy, x, y []float32) int                         { return 0 }
func meanPoolVec(r *poolRun, y, x []float32) int                                    { return 0 }
func meanPoolGradVec(r *poolRun, dx, dy []float32) int                              { return 0 }
func maxOfVec(dst, a, b []float32) int                                              { return 0 }
func minOfVec(dst, a, b []float32) int                                              { return 0 }
func whereLessVec(dst, x, a, b []float32) int                                       { return 0 }
func whereNotLessVec(dst, x, a, b []float32) int                                    { return 0 }
func reluOfVec(y, x []float32, threshold, slope, most float32) int                  { return 0 }
func reluOfGradVec(dx, dy, x []float32, threshold, slope, most float32) int         { return 0 }
func flushDenormalsVec(x []float32) int                                             { return 0 }
func preluVec(y, x, a []float32) int                                                { return 0 }
func preluGradVec(dx, dy, x, a []float32) int                                       { return 0 }
func preluSlopeVec(da, dy, x []float32) int                                         { return 0 }
func depthwiseRowVec(n, c int, win Window, x []float32, xStep int, w, bias, y []float32, yStep int) int {
	return 0
}
func depthwiseGradVec(n, c int, x []float32, xStep int, dy, s []float32) int { return 0 }

func haveVectors() bool                { return false }
func lanes() int                       { return 0 }
func panelByRow(t *tileJob, tiles int) { panelScalar(t, tiles) }
func panelByK(t *tileJob, tiles int)   { panelScalar(t, tiles) }
