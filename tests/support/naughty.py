"""Text that tends to leave its card: scripts, emoji, marks, controls, long words, markup."""

from tests.support.strategies import HOSTILE

NAUGHTY = (
    *HOSTILE,
    "Plain words that need several lines on a card of ordinary width, as most claims do.",
    "這是一個沒有空格的很長的句子用來測試換行是否正確以及文字是否會超出卡片的範圍" * 2,
    "これは日本語の文章です。カードの幅を超えないことを確認します。",
    "هذه جملة طويلة باللغة العربية لاختبار ما إذا كان النص يبقى داخل البطاقة من اليمين إلى اليسار",
    "זהו משפט ארוך בעברית שבודק אם הטקסט נשאר בתוך הכרטיס מימין לשמאל",
    "यह हिंदी में एक लंबा वाक्य है जो जाँचता है कि पाठ कार्ड के अंदर रहता है",
    "ประโยคภาษาไทยยาวที่ไม่มีช่องว่างเพื่อทดสอบว่าข้อความอยู่ภายในการ์ดหรือไม่",
    "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘",
    "👩‍👩‍👧‍👦 👋🏽 🏳️‍🌈 🇲🇽 emoji between words, and at the end of a line 👩‍👩‍👧‍👦",
    "W" * 400,
    "i" * 400,
    "\u202eright to left override\u202c and \u2066isolates\u2069 and \u200b zero width \ufeff spaces",
    "mixed שלום and سلام and 漢字 in one sentence, with numbers 1,234 and (brackets)",
    "မြန်မာဘာသာစကားဖြင့် ရေးသားထားသော ရှည်လျားသော စာကြောင်းတစ်ကြောင်း ဖြစ်ပါသည်",
    "བོད་སྐད་དུ་བྲིས་པའི་ཚིག་གྲུབ་རིང་པོ་ཞིག་ཡིན་པས་བྱང་བུའི་ནང་དུ་ལུས་དགོས",
    "한국어로 쓰인 긴 문장이 카드 안에 머무르는지 확인합니다",
    "ᐃᓄᒃᑎᑐᑦ ᏣᎳᎩ ᚠᚢᚦᚨᚱᚲ ⠓⠑⠇⠇⠕ አማርኛ ረጅም ዓረፍተ ነገር ქართული ენა Հայերեն լեզու",
    "soft\u00adhyphens in\u00adcom\u00adpre\u00adhen\u00adsi\u00adbi\u00adli\u00adties" * 4,
    "zero\u200bwidth\u200bspaces\u200c\u200d\u2060 joined" * 4,
    "office affluent ffi ffl fj Æ ﬁ ﬂ ﬃ waffle difficult efficient",
    "tab\tbetween\twords\tand\tcolumns",
    "😀" * 30,
    "🇲🇽🇺🇸🇩🇪🇯🇵" * 8,
    "🏳️\u200d🌈🏴\u200d☠️" * 9,
    "1️⃣2️⃣3️⃣#️⃣*️⃣" * 6,
    "👩🏽\u200d🚀👨🏿\u200d⚕️" * 9,
    "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 𝓶𝓪𝓽𝓱 𝟙𝟚𝟛 𝕎𝕚𝕕𝕖" * 3,
    "ꙮ𒀱﷽𒈙⸻" * 3,
    "A\u202e abc \u2066def\u2069 \u2067ghi",
    "\ue000\ue001 private \U000f0000 unassigned \u0378 \U0010fffd" * 2,
    "".join(letter + "\u0301\u0316\u0489\u034e\u0302\u0324" * 6 for letter in "ZALGO stacks"),
    "שלום world, and more (ok). سلام 123 abc!",
)


def one_line(words: str, limit: int) -> str:
    """Return words as a label, speaker or title may have them."""
    return words.replace("\n", " ").replace("\t", " ")[:limit]
