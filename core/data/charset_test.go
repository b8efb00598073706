package data

import (
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// encoded are small tables as programs in many countries save them. The comments say what
// they hold; "" is what is read as UTF-8, or line by line as Windows-1252.
var encoded = []struct{ encoding, bytes string }{
	// 姓名,城市,是否购买 / 卫丽军,北京,否 / 褚伟娜,成都,是 / 郑军芳,上海,否
	{"GB18030", "\xD0\xD5\xC3\xFB,\xB3\xC7\xCA\xD0,\xCA\xC7\xB7\xF1\xB9\xBA\xC2\xF2\n\xCE\xC0\xC0\xF6\xBE\xFC,\xB1\xB1\xBE\xA9,\xB7\xF1\n\xF1\xD2\xCE\xB0\xC4\xC8,\xB3\xC9\xB6\xBC,\xCA\xC7\n\xD6\xA3\xBE\xFC\xB7\xBC,\xC9\xCF\xBA\xA3,\xB7\xF1\n"},
	// 评论,情感 / 这家店的菜非常好吃！,好 / 质量太差，用两天就坏了。,差
	{"GB18030", "\xC6\xC0\xC2\xDB,\xC7\xE9\xB8\xD0\n\xD5\xE2\xBC\xD2\xB5\xEA\xB5\xC4\xB2\xCB\xB7\xC7\xB3\xA3\xBA\xC3\xB3\xD4\xA3\xA1,\xBA\xC3\n\xD6\xCA\xC1\xBF\xCC\xAB\xB2\xEE\xA3\xAC\xD3\xC3\xC1\xBD\xCC\xEC\xBE\xCD\xBB\xB5\xC1\xCB\xA1\xA3,\xB2\xEE\n"},
	// 城市,評論,結果 / 臺北,這家店的菜非常好吃,是 / 高雄,服務態度極差,否
	{"BIG5", "\xAB\xB0\xA5\xAB,\xB5\xFB\xBD\xD7,\xB5\xB2\xAAG\n\xBBO\xA5_,\xB3o\xAEa\xA9\xB1\xAA\xBA\xB5\xE6\xABD\xB1`\xA6n\xA6Y,\xACO\n\xB0\xAA\xB6\xAF,\xAAA\xB0\xC8\xBAA\xAB\xD7\xB7\xA5\xAEt,\xA7_\n"},
	// 氏名,都市,購入 / 佐藤さくら,東京,はい / 鈴木ハナコ,大阪,いいえ
	{"SHIFT_JIS", "\x8E\x81\x96\xBC,\x93s\x8Es,\x8Dw\x93\xFC\n\x8D\xB2\x93\xA1\x82\xB3\x82\xAD\x82\xE7,\x93\x8C\x8B\x9E,\x82\xCD\x82\xA2\n\x97\xE9\x96\xD8\x83n\x83i\x83R,\x91\xE5\x8D\xE3,\x82\xA2\x82\xA2\x82\xA6\n"},
	// 氏名,都市,購入 / 佐藤さくら,東京,はい / 鈴木ハナコ,大阪,いいえ
	{"EUC-JP", "\xBB\xE1\xCC\xBE,\xC5\xD4\xBB\xD4,\xB9\xD8\xC6\xFE\n\xBA\xB4\xC6\xA3\xA4\xB5\xA4\xAF\xA4\xE9,\xC5\xEC\xB5\xFE,\xA4\xCF\xA4\xA4\n\xCE\xEB\xCC\xDA\xA5\xCF\xA5\xCA\xA5\xB3,\xC2\xE7\xBA\xE5,\xA4\xA4\xA4\xA4\xA4\xA8\n"},
	// 이름,도시,구매 / 김민수,서울,예 / 이영희,부산,아니오
	{"EUC-KR", "\xC0\xCC\xB8\xA7,\xB5\xB5\xBD\xC3,\xB1\xB8\xB8\xC5\n\xB1\xE8\xB9\xCE\xBC\xF6,\xBC\xAD\xBF\xEF,\xBF\xB9\n\xC0\xCC\xBF\xB5\xC8\xF1,\xBA\xCE\xBB\xEA,\xBE\xC6\xB4\xCF\xBF\xC0\n"},
	// Имя;Город;Купил / Иван;Москва;да / Ольга;Казань;нет
	{"WINDOWS-1251", "\xC8\xEC\xFF;\xC3\xEE\xF0\xEE\xE4;\xCA\xF3\xEF\xE8\xEB\n\xC8\xE2\xE0\xED;\xCC\xEE\xF1\xEA\xE2\xE0;\xE4\xE0\n\xCE\xEB\xFC\xE3\xE0;\xCA\xE0\xE7\xE0\xED\xFC;\xED\xE5\xF2\n"},
	// Имя;Город;Купил / Иван;Москва;да / Ольга;Казань;нет
	{"KOI8-R", "\xE9\xCD\xD1;\xE7\xCF\xD2\xCF\xC4;\xEB\xD5\xD0\xC9\xCC\n\xE9\xD7\xC1\xCE;\xED\xCF\xD3\xCB\xD7\xC1;\xC4\xC1\n\xEF\xCC\xD8\xC7\xC1;\xEB\xC1\xDA\xC1\xCE\xD8;\xCE\xC5\xD4\n"},
	// Имя;Город;Купил / Иван;Москва;да / Ольга;Казань;нет
	{"IBM866", "\x88\xAC\xEF;\x83\xAE\xE0\xAE\xA4;\x8A\xE3\xAF\xA8\xAB\n\x88\xA2\xA0\xAD;\x8C\xAE\xE1\xAA\xA2\xA0;\xA4\xA0\n\x8E\xAB\xEC\xA3\xA0;\x8A\xA0\xA7\xA0\xAD\xEC;\xAD\xA5\xE2\n"},
	// πόλη;φύλο;αγορά / Αθήνα;άνδρας;ναι / Πάτρα;γυναίκα;όχι
	{"WINDOWS-1253", "\xF0\xFC\xEB\xE7;\xF6\xFD\xEB\xEF;\xE1\xE3\xEF\xF1\xDC\n\xC1\xE8\xDE\xED\xE1;\xDC\xED\xE4\xF1\xE1\xF2;\xED\xE1\xE9\n\xD0\xDC\xF4\xF1\xE1;\xE3\xF5\xED\xE1\xDF\xEA\xE1;\xFC\xF7\xE9\n"},
	// עיר,מין,קנה / ירושלים,זכר,כן / חיפה,נקבה,לא
	{"WINDOWS-1255", "\xF2\xE9\xF8,\xEE\xE9\xEF,\xF7\xF0\xE4\n\xE9\xF8\xE5\xF9\xEC\xE9\xED,\xE6\xEB\xF8,\xEB\xEF\n\xE7\xE9\xF4\xE4,\xF0\xF7\xE1\xE4,\xEC\xE0\n"},
	// المدينة,الجنس,اشترى / القاهرة,ذكر,نعم / الرياض,أنثى,لا
	{"WINDOWS-1256", "\xC7\xE1\xE3\xCF\xED\xE4\xC9,\xC7\xE1\xCC\xE4\xD3,\xC7\xD4\xCA\xD1\xEC\n\xC7\xE1\xDE\xC7\xE5\xD1\xC9,\xD0\xDF\xD1,\xE4\xDA\xE3\n\xC7\xE1\xD1\xED\xC7\xD6,\xC3\xE4\xCB\xEC,\xE1\xC7\n"},
	// เมือง,เพศ,ซื้อ / กรุงเทพ,ชาย,ใช่ / เชียงใหม่,หญิง,ไม่
	{"WINDOWS-874", "\xE0\xC1\xD7\xCD\xA7,\xE0\xBE\xC8,\xAB\xD7\xE9\xCD\n\xA1\xC3\xD8\xA7\xE0\xB7\xBE,\xAA\xD2\xC2,\xE3\xAA\xE8\n\xE0\xAA\xD5\xC2\xA7\xE3\xCB\xC1\xE8,\xCB\xAD\xD4\xA7,\xE4\xC1\xE8\n"},
	// miasto;płeć;kupił / Łódź;mężczyzna;tak / Gdańsk;kobieta;nie
	{"WINDOWS-1250", "miasto;p\xB3e\xE6;kupi\xB3\n\xA3\xF3d\x9F;m\xEA\xBFczyzna;tak\nGda\xF1sk;kobieta;nie\n"},
	// město;pohlaví;koupil / Plzeň;muž;ano / Žďár;žena;ne / Košice;muž;ne
	{"WINDOWS-1250", "m\xECsto;pohlav\xED;koupil\nPlze\xF2;mu\x9E;ano\n\x8E\xEF\xE1r;\x9Eena;ne\nKo\x9Aice;mu\x9E;ne\n"},
	// város;nem;vett / Győr;nő;igen / Kőszeg;férfi;később / Hódmezővásárhely;nő;örül
	{"WINDOWS-1250", "v\xE1ros;nem;vett\nGy\xF5r;n\xF5;igen\nK\xF5szeg;f\xE9rfi;k\xE9s\xF5bb\nH\xF3dmez\xF5v\xE1s\xE1rhely;n\xF5;\xF6r\xFCl\n"},
	// miasto;płeć;kupił / Łódź;mężczyzna;tak / Gdańsk;ślązak;nie
	{"ISO-8859-2", "miasto;p\xB3e\xE6;kupi\xB3\n\xA3\xF3d\xBC;m\xEA\xBFczyzna;tak\nGda\xF1sk;\xB6l\xB1zak;nie\n"},
	// şehir;cinsiyet;aldı / İzmir;kadın;hayır / Eskişehir;kadın;değil
	{"WINDOWS-1254", "\xFEehir;cinsiyet;ald\xFD\n\xDDzmir;kad\xFDn;hay\xFDr\nEski\xFEehir;kad\xFDn;de\xF0il\n"},
	// Größe;Straße;Käufer / 1,5;Mühlweg;ja / 2,5;Am Köln;nein
	{"MACINTOSH", "Gr\x9A\xA7e;Stra\xA7e;K\x8Aufer\n1,5;M\x9Fhlweg;ja\n2,5;Am K\x9Aln;nein\n"},
	// Größe;Straße;Käufer / 1,5;Mühlweg;ja / 2,5;Am Köln;nein
	{"", "Gr\xF6\xDFe;Stra\xDFe;K\xE4ufer\n1,5;M\xFChlweg;ja\n2,5;Am K\xF6ln;nein\n"},
	// ¿Qué tamaño?;ciudad / 1º;Málaga / 2ª;Cádiz “sí”
	{"", "\xBFQu\xE9 tama\xF1o?;ciudad\n1\xBA;M\xE1laga\n2\xAA;C\xE1diz \x93s\xED\x94\n"},
	// prix;été / 5 €;l’œuvre à Nîmes / £7 ³;déjà vu ±2
	{"", "prix;\xE9t\xE9\n5 \x80;l\x92\x9Cuvre \xE0 N\xEEmes\n\xA37 \xB3;d\xE9j\xE0 vu \xB12\n"},
	// cidade;opção / São Paulo;não / Brasília;três corações
	{"", "cidade;op\xE7\xE3o\nS\xE3o Paulo;n\xE3o\nBras\xEDlia;tr\xEAs cora\xE7\xF5es\n"},
	// by;køb / København;ja / Århus;måske Ærø
	{"", "by;k\xF8b\nK\xF8benhavn;ja\n\xC5rhus;m\xE5ske \xC6r\xF8\n"},
	// Größe,是否
	{"", "Gr\xC3\xB6\xC3\x9Fe,\xE6\x98\xAF\xE5\x90\xA6\n"},
	// a,b / 1,2
	{"", "a,b\n1,2\n"},
	// 城市,是 / 北京,1 / 上海,2 / 成都,3
	{"UTF-16LE", "\xCEW\x02^,\x00/f\n\x00\x17S\xACN,\x001\x00\n\x00\nNwm,\x002\x00\n\x00\x10b\xFD\x90,\x003\x00\n\x00"},
	// a,b / 1,2 / 3,4
	{"UTF-16BE", "\x00a\x00,\x00b\x00\n\x001\x00,\x002\x00\n\x003\x00,\x004\x00\n"},
}

func TestTheEncodingIsFoundByItsLetters(t *testing.T) {
	for _, c := range encoded {
		found, _ := guessEncoding([]byte(c.bytes))
		assert.Equal(t, c.encoding, found, "%q", c.bytes)
		// A long file is cut in the middle of a character.
		for cut := range 4 {
			long := strings.Repeat(c.bytes, 40)
			found, _ = guessEncoding([]byte(long[:len(long)-cut]))
			assert.Equal(t, c.encoding, found, "%q", c.bytes)
		}
	}
	// One line in another encoding does not make the file one in that.
	found, _ := guessEncoding([]byte(strings.Repeat("straße,1\n", 9) + "stra\xDFe,2\n"))
	assert.Empty(t, found)
	_, mark := guessEncoding([]byte("\xEF\xBB\xBFa"))
	assert.Equal(t, 3, mark)
	found, _ = guessEncoding([]byte("\xFF\xFE\x00\x00a\x00\x00\x00"))
	assert.Empty(t, found, "UTF-32")
}

// cyrillic stands for a browser: it decodes Windows-1251's letters, and knows no other encoding.
func cyrillic(t *testing.T) Decoder {
	return func(encoding string, r io.Reader) io.Reader {
		require.Equal(t, "WINDOWS-1251", encoding)
		return &cyrillicReader{from: r}
	}
}

type cyrillicReader struct {
	from io.Reader
	text []byte
}

func (r *cyrillicReader) Read(dst []byte) (int, error) {
	if len(r.text) == 0 {
		raw := make([]byte, len(dst))
		n, err := r.from.Read(raw)
		if err != nil {
			return 0, err
		}
		for _, b := range raw[:n] {
			c := rune(b)
			if b >= 0xC0 {
				c = 'А' + rune(b-0xC0)
			}
			r.text = append(r.text, string(c)...)
		}
	}
	n := copy(dst, r.text)
	r.text = r.text[n:]
	return n, nil
}

func TestADecoderReadsWhatIsFound(t *testing.T) {
	raw := encoded[6].bytes
	long := raw + strings.Repeat("\xC8\xE2\xE0\xED;\xCC\xEE\xF1\xEA\xE2\xE0;\xE4\xE0\n", 10_000)
	table, err := ReadTable(strings.NewReader(long), ReadOptions{Decoder: cyrillic(t), Size: int64(len(long))})
	require.NoError(t, err)
	assert.Equal(t, []string{"Имя", "Город", "Купил"}, table.Columns())
	assert.Equal(t, 10_002, table.Rows())
	assert.Equal(t, "Москва", table.Cell(10_001, 1))
	p := table.Profile()
	assert.Equal(t, "WINDOWS-1251", p.Dialect.Encoding)
	assert.EqualValues(t, len(long), p.FileBytes)
	assert.Contains(t, noticesOf(&p, NoticeEncoding), "WINDOWS-1251")

	text, encoding, err := DecodeText([]byte(raw), cyrillic(t))
	require.NoError(t, err)
	assert.Contains(t, text, "Казань")
	assert.Equal(t, "WINDOWS-1251", encoding)

	// Without one, and by wish, it is Windows-1252; only the first is worth a notice.
	for _, o := range []ReadOptions{{}, {Encoding: "windows-1252", Decoder: cyrillic(t)}} {
		table, err = ReadTable(strings.NewReader(raw), o)
		require.NoError(t, err)
		assert.Equal(t, "Èâàí", table.Cell(0, 0))
		p = table.Profile()
		assert.Equal(t, "Windows-1252", p.Dialect.Encoding)
		assert.Equal(t, o.Encoding == "", noticesOf(&p, NoticeEncoding) != "")
	}
	table, err = ReadTable(strings.NewReader("a;b\n\xC8;1\n\xE2;2\n"), ReadOptions{Encoding: "windows-1251", Decoder: cyrillic(t)})
	require.NoError(t, err)
	assert.Equal(t, "И", table.Cell(0, 0), "asked for")
	_, err = ReadTable(strings.NewReader(raw), ReadOptions{Encoding: "GB18030"})
	requireError(t, err, "option", 0, "GB18030", "Decoder")
	_, err = ReadTable(strings.NewReader(raw), ReadOptions{Encoding: "EBCDIC"})
	requireError(t, err, "option", 0, "EBCDIC")
}

// noticesOf returns the messages of a kind.
func noticesOf(p *Profile, code string) (out string) {
	for _, n := range p.Notices {
		if n.Code == code {
			out += n.Message
		}
	}
	return out
}
