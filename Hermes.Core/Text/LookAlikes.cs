using System.Buffers;
using System.Collections.Frozen;

namespace Hermes.Core.Text;

/// <summary>Brings text to the plain letters that it looks like to whoever reads it, so that it can be compared with phrases.</summary>
/// <remarks>As Unicode's NFKC does, and for letters of other alphabets that look like Latin ones. By a table, because .NET normalizes
/// nothing where an application runs without ICU (<c>InvariantGlobalization</c>), and a scan has to find the same everywhere.</remarks>
internal static class LookAlikes
{
    // From the Unicode character database: what decomposes to the letter alone. And Cyrillic, Greek, Armenian, Cherokee and phonetic letters by eye.
    private static readonly (char Plain, string LookAlikes)[] Table =
    [
        ('a', "ªÀÁÂÃÄÅàáâãäåĀāĂăĄąǍǎǞǟǠǡǺǻȀȁȂȃȦȧɑΆΑάαАаӐӑӒӓᎪᴀᴬᵃᵅḀḁẠạẢảẤấẦầẨẩẪẫẬậẮắẰằẲẳẴẵẶặἀἁἂἃἄἅἆἇἈἉἊἋἌἍἎἏὰάᾀᾁᾂᾃᾄᾅᾆ" +
            "ᾇᾈᾉᾊᾋᾌᾍᾎᾏᾰᾱᾲᾳᾴᾶᾷᾸᾹᾺΆᾼₐÅ\U0001D6A8\U0001D6C2\U0001D6E2\U0001D6FC\U0001D71C\U0001D736\U0001D756\U0001D770\U0001D790\U0001D7AA"),
        ('b', "ƅɓʙΒβϐВвьᏴᴮᵇᵝᵦḂḃḄḅḆḇℬꚝ\U00010784\U00010785\U0001D6A9\U0001D6C3\U0001D6E3\U0001D6FD\U0001D71D\U0001D737\U0001D757\U0001D771\U0001D791\U0001D7AB"),
        ('c', "ÇçĆćĈĉĊċČčϲϹСсᏟᴄᶜḈḉℂℭⅭⅽꟲ\U0001D6D3\U0001D70D\U0001D747\U0001D781\U0001D7BB"),
        ('d', "ðĎďĐđɗδԀԁᎠᴅᴰᵈᵟᶞḊḋḌḍḎḏḐḑḒḓⅅⅆⅮⅾ\U0001078C\U0001D6C5\U0001D6FF\U0001D739\U0001D773\U0001D7AD"),
        ('e', "ÈÉÊËèéêëĒēĔĕĖėĘęĚěȄȅȆȇȨȩəɛΈΕέεϵЀЁЄЕеэѐёєӖӗӭᎬᴇᴱᵉᵊᵋḔḕḖḗḘḙḚḛḜḝẸẹẺẻẼẽẾếỀềỂểỄễỆệἐἑἒἓἔἕἘἙἚἛἜἝὲέῈΈₑₔℯℰⅇ\U0001D6AC\U0001D6C6\U0001D6DC\U0001D6E6" +
            "\U0001D700\U0001D716\U0001D720\U0001D73A\U0001D750\U0001D75A\U0001D774\U0001D78A\U0001D794\U0001D7AE\U0001D7C4"),
        ('f', "ƒҒғᶠḞḟℱꜰꟳ"), ('g', "ĜĝĞğĠġĢģǦǧǴǵɡɢցᏀᴳᵍᶢḠḡℊ\U00010792"),
        ('h', "ĤĥĦħȞȟɦʜʰʱΉΗНнҺһհᎻᴴᵸḢḣḤḥḦḧḨḩḪḫẖἨἩἪἫἬἭἮἯᾘᾙᾚᾛᾜᾝᾞᾟῊΉῌₕℋℌℍℎℏꟸ\U00010795\U00010796\U0001D6AE\U0001D6E8\U0001D722\U0001D75C\U0001D796"),
        ('i', "ÌÍÎÏìíîïĨĩĪīĬĭĮįİıƗǏǐȈȉȊȋɨɩɪΊΐΙΪίιϊІЇіїᎥᴵᵢᶤᶥᶦḬḭḮḯỈỉỊịἰἱἲἳἴἵἶἷἸἹἺἻἼἽἾἿὶίιῐῑῒΐῖῗῘῙῚΊⁱℐℑℹⅈⅠⅰ\U0001D6A4\U0001D6B0\U0001D6CA\U0001D6EA\U0001D704\U0001D724\U0001D73E\U0001D75E\U0001D778\U0001D798\U0001D7B2"),
        ('j', "ĴĵǰȷɟʝʲͿϳЈјᎫᴊᴶᶡᶨⅉⱼ\U0001D6A5"),
        ('k', "ĶķƙǨǩΚκϰЌКкќᏦᴋᴷᵏḰḱḲḳḴḵₖK\U0001D6B1\U0001D6CB\U0001D6DE\U0001D6EB\U0001D705\U0001D718\U0001D725\U0001D73F\U0001D752\U0001D75F\U0001D779\U0001D78C\U0001D799\U0001D7B3\U0001D7C6"),
        ('l', "ĹĺĻļĽľŁłɫʟˡӀӏԼᏞᴸᶫḶḷḸḹḺḻḼḽₗℒℓⅬⅼꭞ"),
        ('m', "ΜМмᎷᴍᴹᵐḾḿṀṁṂṃₘℳⅯⅿ\U0001D6B3\U0001D6ED\U0001D727\U0001D761\U0001D79B"),
        ('n', "ÑñŃńŅņŇňŊŋǸǹɲɴΝήηийпѝӣӥոᴨᴺᵑᶮᶰṄṅṆṇṈṉṊṋἠἡἢἣἤἥἦἧὴήᾐᾑᾒᾓᾔᾕᾖᾗῂῃῄῆῇⁿₙℕ\U0001D6B4\U0001D6C8\U0001D6EE\U0001D702\U0001D728\U0001D73C\U0001D762\U0001D776\U0001D79C\U0001D7B0"),
        ('o', "ºÒÓÔÕÖØòóôõöøŌōŎŏŐőƠơǑǒǪǬǭǾǿȌȍȎȏȪȫȬȭȮȯȰȱɵΌΟοσόОоӦӧՕօᴏᴼᵒᶱṌṍṎṏṐṑṒṓỌọỎỏỐốỒồỔổỖỗỘộỚớỜờỞởỠỡỢợὀὁὂὃὄὅὈὉὊὋὌὍ" +
            "ὸόῸΌₒℴ\U000107A2\U0001D6B6\U0001D6D0\U0001D6D4\U0001D6F0\U0001D70A\U0001D70E\U0001D72A\U0001D744\U0001D748\U0001D764\U0001D77E\U0001D782\U0001D79E\U0001D7B8\U0001D7BC"),
        ('p', "ΡρϱРрᏢᴘᴾᵖᵨṔṕṖṗῤῥῬₚℙ\U0001D6B8\U0001D6D2\U0001D6E0\U0001D6F2\U0001D70C\U0001D71A\U0001D72C\U0001D746\U0001D754\U0001D766\U0001D780\U0001D78E\U0001D7A0\U0001D7BA\U0001D7C8"),
        ('q', "ǫԚԛզℚꟴ\U000107A5"), ('r', "ŔŕŖŗŘřȐȑȒȓʀʳгѓᏒᴦᴿᵣṘṙṚṛṜṝṞṟℛℜℝ\U000107AA\U0001F12C"),
        ('s', "ςŚśŜŝŞşŠšſȘșʂˢЅѕՏᏚᶳṠṡṢṣṤṥṦṧṨṩẛₛꜱ"),
        ('t', "ŢţŤťŦŧȚțʈΤτТтᎢᴛᵀᵗṪṫṬṭṮṯṰṱẗₜ\U000107AF\U0001D6BB\U0001D6D5\U0001D6F5\U0001D70F\U0001D72F\U0001D749\U0001D769\U0001D783\U0001D7A3\U0001D7BD"),
        ('u', "µÙÚÛÜùúûüŨũŪūŬŭŮůŰűŲųƯưǓǔǕǖǗǘǙǚǛǜȔȕȖȗʉΰμυϋύцսᴜᵁᵘᵤᶶᶸṲṳṴṵṶṷṸṹṺṻỤụỦủỨứỪừỬửỮữỰựὐὑὒὓὔὕὖὗὺύῠῡῢΰῦῧ\U0001D6CD\U0001D6D6\U0001D707\U0001D710\U0001D741\U0001D74A\U0001D77B\U0001D784\U0001D7B5" +
            "\U0001D7BE"),
        ('v', "ʋνѴѵѶѷᏙᴠᵛᵥᶹṼṽṾṿⅤⅴⱽ\U0001D6CE\U0001D708\U0001D742\U0001D77C\U0001D7B6"),
        ('w', "ŴŵɯʷωώшѡԜԝաᎳᴡᵂᵚẀẁẂẃẄẅẆẇẈẉẘὠὡὢὣὤὥὦὧὼώᾠᾡᾢᾣᾤᾥᾦᾧῲῳῴῶῷ\U0001D6DA\U0001D714\U0001D74E\U0001D788\U0001D7C2"),
        ('x', "ˣΧχХхᵡᵪẊẋẌẍₓⅩⅹ\U0001D6BE\U0001D6D8\U0001D6F8\U0001D712\U0001D732\U0001D74C\U0001D76C\U0001D786\U0001D7A6\U0001D7C0"),
        ('y', "ÝýÿŶŷŸƴȲȳʏʸΎΥΫγϒϓϔЎУуўҮүӮӯӰӱӲӳᎽᵞᵧẎẏẙỲỳỴỵỶỷỸỹὙὛὝὟῨῩῪΎℽ\U000107B2\U0001D6BC\U0001D6C4\U0001D6F6\U0001D6FE\U0001D730\U0001D738\U0001D76A\U0001D772\U0001D7A4\U0001D7AC"),
        ('z', "ŹźŻżŽžƶʐΖᏃᴢᶻᶼẐẑẒẓẔẕℤℨ\U0001D6AD\U0001D6E7\U0001D721\U0001D75B\U0001D795"),
        ('0', "⁰₀⓪\U0001FBF0"), ('1', "¹₁\U0001FBF1"), ('2', "²₂\U0001FBF2"), ('3', "³ЗӞ₃\U0001FBF3"), ('4', "⁴₄\U0001FBF4"),
        ('5', "⁵₅\U0001FBF5"), ('6', "⁶₆\U0001FBF6"), ('7', "⁷₇\U0001FBF7"), ('8', "⁸₈\U0001FBF8"), ('9', "⁹₉\U0001FBF9"),
        ('\'', "ʹʼʹ′‵ꞌ"), ('~', "˜∼≁〜"), ('-', "‐‑‒–⁻₋−︲﹣"), ('.', "․﹒"), ('/', "⁄∕⧸"), ('$', "﹩"), ('_', "︳︴﹍﹎﹏"), ('<', "≮﹤"),
        (':', "︓﹕"), ('=', "⁼₌≠﹦"),
    ];

    private static readonly (string Ligature, string Letters)[] Ligatures =
        [("ﬀ", "ff"), ("ﬁ", "fi"), ("ﬂ", "fl"), ("ﬃ", "ffi"), ("ﬄ", "ffl"), ("ﬅ", "st"), ("ﬆ", "st")];

    // Alphabets that stand in Unicode in order: the first character, the last, what the first looks like, and after how many it begins anew.
    private static readonly (int First, int Last, char Plain, int Length)[] Alphabets =
    [
        (0xFF01, 0xFF5E, '!', 94), (0x1D400, 0x1D6A3, 'a', 26), (0x1D7CE, 0x1D7FF, '0', 10), (0x24B6, 0x24E9, 'a', 26), (0x249C, 0x24B5, 'a', 26),
        (0x2460, 0x2468, '1', 9), (0x1F110, 0x1F129, 'a', 26), (0x1F130, 0x1F149, 'a', 26), (0x1F150, 0x1F169, 'a', 26), (0x1F170, 0x1F189, 'a', 26),
        (0x1F1E6, 0x1F1FF, 'a', 26),
    ];

    private static readonly FrozenDictionary<int, char> Plain = Table
        .SelectMany(row => row.LookAlikes.EnumerateRunes().Select(rune => KeyValuePair.Create(rune.Value, row.Plain)))
        .ToFrozenDictionary();

    /// <summary>The characters that <see cref="FoldDigits"/> makes letters of.</summary>
    public static SearchValues<char> Digits { get; } = SearchValues.Create("013457@$");

    /// <summary>The text in plain letters, without marks on letters and characters that nobody sees.</summary>
    public static string Fold(string text)
    {
        if (Ascii.IsValid(text) && !text.Any(IsUnseen)) return text;

        var apart = Ligatures.Aggregate(text, (joined, one) => joined.Replace(one.Ligature, one.Letters, StringComparison.Ordinal));
        return string.Concat(apart.EnumerateRunes().Where(rune => !IsUnseen(rune)).Select(FoldOne));
    }

    /// <summary>A folded text with the letters that digits and signs stand for in <c>1gn0re 4ll</c>. A single <c>1</c> may be either of two; two of them are <c>ll</c>.</summary>
    public static string FoldDigits(string text, char one) => string.Concat(text.Select((letter, index) => letter switch
    {
        '0' => 'o',
        '1' => IsOne(text, index - 1) || IsOne(text, index + 1) ? 'l' : one,
        '3' => 'e',
        '4' or '@' => 'a',
        '5' or '$' => 's',
        '7' => 't',
        _ => letter,
    }));

    private static bool IsOne(string text, int index) => index >= 0 && index < text.Length && text[index] == '1';

    private static string FoldOne(Rune rune)
    {
        if (Plain.TryGetValue(rune.Value, out var plain)) return plain.ToString();

        var (first, _, start, length) = Array.Find(Alphabets, alphabet => rune.Value >= alphabet.First && rune.Value <= alphabet.Last);
        return length > 0 ? ((char)(start + ((rune.Value - first) % length))).ToString() : rune.ToString();
    }

    private static bool IsUnseen(char character) => char.IsControl(character) && !char.IsWhiteSpace(character);

    // Marks, format characters, and letters of Hangul that are drawn as nothing.
    private static bool IsUnseen(Rune rune) => rune.Value is 0x115F or 0x1160 or 0x3164 or 0xFFA0
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format
        || (Rune.IsControl(rune) && !Rune.IsWhiteSpace(rune));
}
