package data

import (
	"math"
	"math/rand/v2"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestParseNumber(t *testing.T) {
	type want struct {
		v  float64
		ok bool
	}
	no := want{}
	for text, w := range map[string][2]want{ // with a decimal point, with a decimal comma
		"0":                                    {{0, true}, {0, true}},
		"42":                                   {{42, true}, {42, true}},
		"-3.5":                                 {{-3.5, true}, {-3.5, true}},
		"+7":                                   {{7, true}, {7, true}},
		".5":                                   {{0.5, true}, {0.5, true}},
		"5.":                                   {{5, true}, {5, true}},
		"3,14":                                 {no, {3.14, true}},
		"1,234":                                {{1234, true}, {1.234, true}},
		"1.234":                                {{1.234, true}, {1234, true}},
		"-1.234":                               {{-1.234, true}, {-1234, true}},
		"0.123":                                {{0.123, true}, {0.123, true}},
		"1,234,567.8":                          {{1234567.8, true}, no},
		"1.234.567,8":                          {no, {1234567.8, true}},
		"1 234 567":                            {{1234567, true}, {1234567, true}},
		"1\u00A0234,5":                         {no, {1234.5, true}},
		"1'234.5":                              {{1234.5, true}, {1234.5, true}},
		"1’234":                                {{1234, true}, {1234, true}},
		"12,34,567":                            {no, no},
		"1234,567":                             {no, {1234.567, true}},
		"1,23":                                 {no, {1.23, true}},
		"1e3":                                  {{1000, true}, {1000, true}},
		"1.5E-3":                               {{0.0015, true}, {0.0015, true}},
		"1,5e3":                                {no, {1500, true}},
		"2,000e3":                              {{2000000, true}, {2000, true}},
		"1e400":                                {no, no},
		"1e99999":                              {no, no},
		"1e":                                   {no, no},
		"e5":                                   {no, no},
		"$1,200.50":                            {{1200.5, true}, no},
		"€ 12":                                 {{12, true}, {12, true}},
		"12 €":                                 {{12, true}, {12, true}},
		"45%":                                  {{45, true}, {45, true}},
		"−7":                                   {{-7, true}, {-7, true}},
		"":                                     {no, no},
		"-":                                    {no, no},
		".":                                    {no, no},
		"--1":                                  {no, no},
		"1-2":                                  {no, no},
		"1.2.3":                                {no, no},
		"0x10":                                 {no, no},
		"1_000":                                {no, no},
		"NaN":                                  {no, no},
		"Inf":                                  {no, no},
		"12a":                                  {no, no},
		"é":                                    {no, no},
		"12345678901234567890":                 {{12345678901234567890, true}, {12345678901234567890, true}},
		"0.1000000000000000055511151231257827": {{0.1, true}, {0.1, true}},
	} {
		for i, comma := range []bool{false, true} {
			v, ok := parseNumber([]byte(text), comma)
			require.Equal(t, w[i].ok, ok, "%q comma=%v", text, comma)
			if ok {
				require.Equal(t, w[i].v, v, "%q comma=%v", text, comma)
			}
		}
	}
}

// The quick way gives the same bits as strconv.
func TestParseNumberIsCorrectlyRounded(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for range 200_000 {
		v := math.Float64frombits(rng.Uint64())
		if math.IsNaN(v) || math.IsInf(v, 0) {
			continue
		}
		switch rng.IntN(3) {
		case 0:
			v = rng.Float64() * 1000
		case 1:
			v = float64(rng.IntN(1_000_000)) / 100
		}
		text := strconv.FormatFloat(v, "efg"[rng.IntN(3)], rng.IntN(17), 64)
		if len(text) > 40 {
			continue
		}
		want, _ := strconv.ParseFloat(text, 64)
		got, ok := parseNumber([]byte(text), false)
		if math.IsInf(want, 0) {
			require.False(t, ok, text)
			continue
		}
		require.True(t, ok, text)
		require.Equal(t, math.Float64bits(want), math.Float64bits(got), text)
	}
}

func TestDecimalComma(t *testing.T) {
	for name, c := range map[string]struct {
		text  string
		comma bool
		first float64
	}{
		"point":               {"a,b\n1.5,x\n2.25,y\n", false, 1.5},
		"comma":               {"a;b\n1,5;x\n2,25;y\n", true, 1.5},
		"quoted comma":        {"a,b\n\"1,5\",x\n\"2,25\",y\n", true, 1.5},
		"thousands":           {"a,b\n\"1,500\",x\n\"2,250\",y\n", false, 1500},
		"thousands or commas": {"a;b\n1,500;x\n2,250;y\n", true, 1.5},
		"both":                {"a;b\n1.500,25;x\n2.250,5;y\n", true, 1500.25},
		"american":            {"a;b\n1,500.25;x\n2,250.5;y\n", false, 1500.25},
		"no header":           {"1,5;2,5\n3,5;4,5\n5,5;6,25\n", true, 1.5},
		"tabs":                {"a\tb\n1,5\t2\n2,5\t3\n", true, 1.5},
		"whole numbers":       {"a;b\n1;x\n2;y\n", false, 1},
		"dates":               {"d;a\n1.2.2024;1,5\n13.2.2024;2,5\n", true, 19754},
	} {
		t.Run(name, func(t *testing.T) {
			table := read(t, c.text)
			require.Equal(t, c.comma, table.Profile().Dialect.DecimalComma)
			v, ok := table.parseValue(table.columns[0], table.cell(0, 0))
			require.True(t, ok)
			require.Equal(t, c.first, v)
		})
	}
	table := read(t, "a;b\n1,500;x\n2,250;y\n", ReadOptions{DecimalComma: No})
	require.EqualValues(t, 2250, table.Profile().Columns[0].Max)
	table = read(t, "a,b\n1,2\n3,4\n", ReadOptions{DecimalComma: Yes})
	require.True(t, table.Profile().Dialect.DecimalComma)
}

func TestIsMissing(t *testing.T) {
	for _, word := range []string{"", "NA", "n/a", "N/A", "null", "NULL", "None", "nan", "NaN", "-nan", "?", "-", "--", "—", `\N`, "#N/A", "#DIV/0!", "Not available"} {
		require.True(t, isMissing([]byte(word)), word)
	}
	for _, word := range []string{"0", "no", "unknown", "x", "-1", "Nancy", "not available today", "inf"} {
		require.False(t, isMissing([]byte(word)), word)
	}
	for word := range missingWords {
		require.LessOrEqual(t, len(word), longestMissing)
	}
	for _, word := range []string{"inf", "-Inf", "+Infinity", "INFINITY", "∞", "-∞"} {
		require.True(t, isInfinity([]byte(word)), word)
	}
	for _, word := range []string{"", "-", "info", "infinite", "influx"} {
		require.False(t, isInfinity([]byte(word)), word)
	}
}
