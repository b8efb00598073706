//go:build js && wasm && !engine

package main

import "github.com/terrarium-ml/terrarium/bindings/page"

func init() { roles["page"] = page.Run }
