// Package toy makes points of two classes on a plane, to play with: what a network can
// and cannot learn is easily seen there. The same seed gives the same points everywhere.
package toy

import (
	"math"
	"math/rand/v2"
	"slices"

	"github.com/terrarium-ml/terrarium/core/internal/kernel"
	"github.com/terrarium-ml/terrarium/core/tensor"
)

// A Point lies at X, Y, both about −6 … 6, and belongs to class 0 or 1.
type Point struct {
	X, Y  float32
	Class int
}

// Reach is how far the plane goes from its middle, in each direction.
const Reach = 6

// An Info describes a kind of points.
type Info struct {
	Name, Title, Hint string
	make              func(r *rand.Rand, i, n, class int) (x, y float64)
}

var kinds = []Info{
	{"blobs", "Two blobs", "A straight line is enough.", blob},
	{"moons", "Two moons", "The line between them has to bend.", moon},
	{"circles", "Circles", "One class surrounds the other: no line can part them.", circle},
	{"xor", "Four corners", "Opposite corners belong together (exclusive or).", corner},
	{"spirals", "Two spirals", "The hardest: two arms wound around each other.", spiral},
}

// Kinds lists the kinds of points.
func Kinds() []Info { return slices.Clone(kinds) }

// Points makes n points of a kind, half of each class, in random order. Noise, 0 … 1, is
// how far they stray. It fails with code option for another kind, or n or noise that make
// no sense.
func Points(kind string, n int, noise float64, seed uint64) ([]Point, error) {
	at := slices.IndexFunc(kinds, func(k Info) bool { return k.Name == kind })
	if at < 0 {
		return nil, tensor.Errorf(tensor.CodeOption, "there are no points of kind %q; there are blobs, moons, circles, xor and spirals", kind)
	}
	if n < 2 || n > 10_000 || !(noise >= 0 && noise <= 1) {
		return nil, tensor.Errorf(tensor.CodeOption, "want 2 to 10000 points and noise from 0 to 1, got %d and %g", n, noise)
	}
	var pcg rand.PCG
	kernel.Stream(&pcg, seed, "toy", kind, 0, 0)
	r := rand.New(&pcg)
	points := make([]Point, n)
	for i := range points {
		class := i % 2
		x, y := kinds[at].make(r, i/2, (n+1)/2, class)
		x += float64(2.4 * noise * normal(r))
		y += float64(2.4 * noise * normal(r))
		points[i] = Point{bounded(x), bounded(y), class}
	}
	r.Shuffle(n, func(i, j int) { points[i], points[j] = points[j], points[i] })
	return points, nil
}

func normal(r *rand.Rand) float64 { return float64(kernel.Normal(r)) }

// bounded keeps a point on the plane.
func bounded(v float64) float32 { return float32(max(-Reach, min(Reach, v))) }

func blob(r *rand.Rand, _, _, class int) (x, y float64) {
	middle := float64(2.2 - float64(4.4*float64(class)))
	return middle + float64(0.8*normal(r)), middle + float64(0.8*normal(r))
}

// turned is the point at an angle, in turns of the circle.
func turned(radius, turns float64) (x, y float64) {
	sin, cos := kernel.SinCos(float64(turns * 2 * math.Pi))
	return float64(radius * cos), float64(radius * sin)
}

func moon(r *rand.Rand, _, _, class int) (x, y float64) {
	x, y = turned(3.4, float64(r.Float64()/2))
	if class == 1 {
		return 1.7 - x, 1 - y
	}
	return x - 1.7, y - 1
}

func circle(r *rand.Rand, _, _, class int) (x, y float64) {
	if class == 0 {
		return turned(float64(2.2*math.Sqrt(r.Float64())), r.Float64())
	}
	return turned(3.6+float64(1.4*r.Float64()), r.Float64())
}

func corner(r *rand.Rand, i, _, class int) (x, y float64) {
	x, y = 0.4+float64(4.6*r.Float64()), 0.4+float64(4.6*r.Float64())
	if i%2 == 1 {
		x, y = -x, -y
	}
	if class == 1 {
		x = -x
	}
	return x, y
}

func spiral(_ *rand.Rand, i, n, class int) (x, y float64) {
	share := float64(i+1) / float64(n)
	return turned(float64(5*share), float64(1.6*share)+float64(0.5*float64(class)))
}

// Features are what a network can be shown of a point, by name.
func Features() []string { return []string{"x", "y", "xx", "yy", "xy", "sinx", "siny"} }

// Show writes the features of a point into row, which has one place for each. They are
// brought to about −1 … 1. An unknown name shows nothing, 0.
func Show(row []float32, features []string, x, y float32) {
	for i, name := range features {
		a, b := float64(x), float64(y)
		var v float64
		switch name {
		case "x":
			v = a / 3
		case "y":
			v = b / 3
		case "xx":
			v = float64(a*a) / 18
		case "yy":
			v = float64(b*b) / 18
		case "xy":
			v = float64(a*b) / 18
		case "sinx":
			v, _ = kernel.SinCos(a)
		case "siny":
			v, _ = kernel.SinCos(b)
		}
		row[i] = float32(v)
	}
}
