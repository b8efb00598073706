// Package access tells whether everybody can use a page: who does not see it, who uses no
// mouse, who needs contrast, a narrow window, or calm. Its rules are those that programs can
// check of WCAG 2.1 A and AA (and 24 pixels for fingers, of 2.2); violations.html has a
// violation of each, and a test that each is found.
package access
