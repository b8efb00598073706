// Package tests holds what needs a browser: the engine through its JavaScript face,
// and the page as a person uses it. It has the build tag browser, so that go test
// ./... needs nothing but Go.
package tests
