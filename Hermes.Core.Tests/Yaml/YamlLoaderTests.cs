using System.Numerics;
using System.Text;
using Hermes.Core.Yaml;

namespace Hermes.Core.Tests.Yaml;

public sealed class YamlLoaderTests
{
    [Theory]
    [InlineData("yes", true)]
    [InlineData("Yes", true)]
    [InlineData("ON", true)]
    [InlineData("true", true)]
    [InlineData("no", false)]
    [InlineData("Off", false)]
    [InlineData("FALSE", false)]
    [InlineData("y", "y")]
    [InlineData("n", "n")]
    [InlineData("yEs", "yEs")]
    [InlineData("~", null)]
    [InlineData("null", null)]
    [InlineData("NULL", null)]
    [InlineData("", null)]
    [InlineData("nuLL", "nuLL")]
    [InlineData("'null'", "null")]
    [InlineData("\"yes\"", "yes")]
    public void Load_PlainWord_IsBooleanNullOrText(string text, object? expected) => AssertValue(expected, text);

    [Theory]
    [InlineData("0", 0L)]
    [InlineData("-0", 0L)]
    [InlineData("+1", 1L)]
    [InlineData("-12", -12L)]
    [InlineData("1_000", 1000L)]
    [InlineData("010", 8L)]
    [InlineData("0b11", 3L)]
    [InlineData("0x1F", 31L)]
    [InlineData("1:30", 90L)]
    [InlineData("12:30:45", 45045L)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("-9223372036854775808", long.MinValue)]
    [InlineData("09", "09")]
    [InlineData("0o10", "0o10")]
    [InlineData("1:60", "1:60")]
    [InlineData("_1", "_1")]
    [InlineData("'5'", "5")]
    public void Load_PlainInteger_IsReadAsYaml11(string text, object expected) => AssertValue(expected, text);

    [Theory]
    [InlineData(".5", 0.5)]
    [InlineData("1.", 1.0)]
    [InlineData("1._5", 1.5)]
    [InlineData("1.0e+3", 1000.0)]
    [InlineData("1.0e+400", double.PositiveInfinity)]
    [InlineData("-.INF", double.NegativeInfinity)]
    [InlineData(".nan", double.NaN)]
    [InlineData("190:20:30.15", 685230.15)]
    [InlineData("1e3", "1e3")]
    [InlineData("1.5e300", "1.5e300")]
    [InlineData("-.5", "-.5")]
    public void Load_PlainFloat_NeedsDotAndSignedExponent(string text, object expected) => AssertValue(expected, text);

    [Fact]
    public void Load_IntegerBeyond64Bits_KeepsEveryDigit() =>
        Assert.Equal(BigInteger.Parse("123456789012345678901234567890", null), YamlLoader.Load("123456789012345678901234567890"));

    [Fact]
    public void Load_Date_IsDateOnly() => Assert.Equal(new DateOnly(2024, 1, 2), YamlLoader.Load("2024-01-02"));

    [Theory]
    [InlineData("2024-1-2 3:04:05", "2024-01-02T03:04:05.000000")]
    [InlineData("2024-01-02T03:04:05.1234567", "2024-01-02T03:04:05.123456")]
    public void Load_TimeWithoutOffset_IsDateTime(string text, string expected) =>
        Assert.Equal(expected, Assert.IsType<DateTime>(YamlLoader.Load(text)).ToString("yyyy-MM-ddTHH:mm:ss.ffffff", null));

    [Theory]
    [InlineData("2024-01-02t03:04:05Z", "2024-01-02 03:04:05 +00:00")]
    [InlineData("2024-01-02 03:04:05 -5:30", "2024-01-02 03:04:05 -05:30")]
    [InlineData("2024-01-02 03:04:05 +18:00", "2024-01-01 09:04:05 +00:00")]
    public void Load_TimeWithOffset_IsDateTimeOffset(string text, string expected) =>
        Assert.Equal(expected, Assert.IsType<DateTimeOffset>(YamlLoader.Load(text)).ToString("yyyy-MM-dd HH:mm:ss zzz", null));

    [Theory]
    [InlineData("!!str 12", "12")]
    [InlineData("!!str", "")]
    [InlineData("!!int \"0x10\"", 16L)]
    [InlineData("!!float 5", 5.0)]
    [InlineData("!!bool \"On\"", true)]
    [InlineData("!!null text", null)]
    [InlineData("! \"12\"", 12L)]
    [InlineData("!<tag:yaml.org,2002:int> \"7\"", 7L)]
    [InlineData("%TAG !y! tag:yaml.org,2002:\n---\n!y!int \"7\"", 7L)]
    public void Load_ExplicitTag_Decides(string text, object? expected) => AssertValue(expected, text);

    [Theory]
    [InlineData("!!binary aGk=")]
    [InlineData("!!binary |\n  aG\n  k=\n")]
    public void Load_Binary_IsBytes(string text) => Assert.Equal("hi"u8.ToArray(), YamlLoader.Load(text));

    [Theory]
    [InlineData("!!set {a, b}", "<a b>")]
    [InlineData("!!omap [a: 1, b: 2]", "[[a 1] [b 2]]")]
    [InlineData("!!pairs [a: 1, a: 2]", "[[a 1] [a 2]]")]
    [InlineData("!!map {a: 1}", "{a: 1}")]
    [InlineData("!!seq [1]", "[1]")]
    public void Load_CollectionTag_Decides(string text, string expected) => Assert.Equal(expected, Show(YamlLoader.Load(text)));

    [Theory]
    [InlineData("{a: 1, b: 2, a: 3}", "{a: 3, b: 2}")]
    [InlineData("{1: a, true: b, ~: c, 1.5: d, 2024-01-02: e}", "{1: a, True: b, null: c, 1.5: d, 2024-01-02: e}")]
    [InlineData("a: =\nb: <<", "{a: =, b: <<}")]
    [InlineData("a:\n- b\n- c", "{a: [b c]}")]
    [InlineData("- - a\n  - b\n- c: d\n  e: f", "[[a b] {c: d, e: f}]")]
    [InlineData("a: b\n  c\n\n  d", "{a: b c\nd}")]
    [InlineData("a: http://x:80/y#z # comment", "{a: http://x:80/y#z}")]
    [InlineData("a: |\n  x\n   y\nb: >-\n  x\n  y", "{a: x\n y\n, b: x y}")]
    [InlineData("a: 'it''s'\nb: \"\\x41\\u00e9\\U0001F600\"", "{a: it's, b: Aé😀}")]
    [InlineData("a: b\r\nc: d\r\n", "{a: b, c: d}")]
    [InlineData("\uFEFFa: b", "{a: b}")]
    [InlineData("%YAML 1.1\n---\na: b\n...\n", "{a: b}")]
    [InlineData("# nothing\n", "null")]
    [InlineData("---\n", "null")]
    public void Load_Document_IsReadAsSafeLoadDoes(string text, string expected) => Assert.Equal(expected, Show(YamlLoader.Load(text)));

    [Theory]
    [InlineData("k: [a,\nb]\nl: 1", "{k: [a b], l: 1}")]
    [InlineData("x:\n  y: {\n  a: 1,\n  b: \"z\n  q\"\n  }\n  z: 1", "{x: {y: {a: 1, b: z q}, z: 1}}")]
    [InlineData("k: \"a\r\n\r\nb\"", "{k: a\nb}")]
    public void Load_LinesInsideBracketsOrQuotesNotIndented_AreTaken(string text, string expected) =>
        Assert.Equal(expected, Show(YamlLoader.Load(text)));

    [Theory]
    [InlineData("a: &x {b: 1}\nc: *x", "{a: {b: 1}, c: {b: 1}}")]
    [InlineData("&k a: *k", "{a: a}")]
    [InlineData("{<<: {a: 1, b: 2}, a: 3}", "{a: 3, b: 2}")]
    [InlineData("{a: 3, <<: {b: 2, a: 1}}", "{b: 2, a: 3}")]
    [InlineData("{<<: [{a: 1}, {a: 2, b: 2}], c: 3}", "{a: 1, b: 2, c: 3}")]
    [InlineData("{<<: {<<: {a: 1, b: 1}, b: 2}}", "{a: 1, b: 2}")]
    [InlineData("{\"<<\": {a: 1}}", "{<<: {a: 1}}")]
    public void Load_AliasesAndMergeKeys_AreResolved(string text, string expected) => Assert.Equal(expected, Show(YamlLoader.Load(text)));

    [Theory]
    [InlineData("a: 1\nb: !foo x", 2, 4)]
    [InlineData("!!python/object:os.system [x]", 1, 1)]
    [InlineData("!!int abc", 1, 1)]
    [InlineData("!!int ''", 1, 1)]
    [InlineData("!!bool maybe", 1, 1)]
    [InlineData("!!binary a", 1, 1)]
    [InlineData("!!set [a]", 1, 1)]
    [InlineData("!!omap {a: 1}", 1, 1)]
    [InlineData("!!str [a]", 1, 1)]
    [InlineData("0b_", 1, 1)]
    [InlineData("a: 2024-13-40", 1, 4)]
    [InlineData("a: 2024-01-02 03:04:60", 1, 4)]
    [InlineData("{[a]: 1}", 1, 2)]
    [InlineData("? {a: b}\n: 1", 1, 3)]
    [InlineData("a: 1\n---\nb: 2", 2, 1)]
    [InlineData("a: &a [*a]", 1, 8)]
    [InlineData("a: *b", 1, 4)]
    [InlineData("[&a 1, &a 2]", 1, 8)]
    [InlineData("{<<: 1}", 1, 6)]
    [InlineData("{<<: [{a: 1}, 1]}", 1, 6)]
    [InlineData("a: b\nc: \u0000", 2, 4)]
    [InlineData("a: \"\\UFFFFFFFF\"", 1, 15)]
    [InlineData("- : x", 2, 1)]
    [InlineData("a:\n\tb: 1", 2, 1)]
    [InlineData("k: [a,\n!foo b]", 2, 1)]
    [InlineData("k: [a\nb: {c\nd: e\n", 2, 2)]
    [InlineData("a: @b", 1, 4)]
    [InlineData("a: `b`", 1, 4)]
    [InlineData("a: \"b", 1, 4)]
    public void Load_WhatSafeLoadRefuses_FailsWithItsPlace(string text, int line, int column)
    {
        var exception = Assert.Throws<YamlLoadException>(() => YamlLoader.Load(text));

        Assert.Equal((line, column), (exception.Line, exception.Column));
    }

    [Theory]
    [InlineData("model: [a\nb: {c\napi_key: MARK\n")]
    [InlineData("model:\n  api_key: \"MARK\n")]
    [InlineData("a: *MARK")]
    [InlineData("a: !MARK b")]
    [InlineData("a: &MARK &MARK b")]
    [InlineData("%MARK MARK\n--- a\n--- b")]
    [InlineData("MARK: MARK: MARK")]
    [InlineData("!!int MARK")]
    [InlineData("{!!float MARK: x}")]
    public void Load_BrokenText_IsNeverQuoted(string text)
    {
        var exception = Assert.Throws<YamlLoadException>(() => YamlLoader.Load(text));

        Assert.DoesNotContain("MARK", exception.ToString(), StringComparison.Ordinal);
        Assert.NotEmpty(exception.Problem);
    }

    [Fact]
    public void Load_LoneSurrogate_IsRefused() => Assert.Throws<YamlLoadException>(() => YamlLoader.Load("a: \"\uD83D\""));

    [Theory]
    [InlineData("{a: &k v, b: 2}", "{a: v, b: 2}")]
    [InlineData("{a: &k 'v', b: *k , c: 1}", "{a: v, b: v, c: 1}")]
    [InlineData("{a: &k !!str 1, b: *k}", "{a: 1, b: 1}")]
    [InlineData("{a: &k\n v,\n b: &l w, c: [*k, *l]}", "{a: v, b: w, c: [v w]}")]
    [InlineData("{&k a: &l v, w}", "{a: v, w: null}")]
    [InlineData("{a: &k , b: 2}", "{a: null, b: 2}")]
    [InlineData("[&k v, {a: *k , b: &l w, c: *l }]", "[v {a: v, b: w, c: w}]")]
    [InlineData("a: {b: &k v, c: 2}\nd: *k", "{a: {b: v, c: 2}, d: v}")]
    public void Load_AnchoredScalarInAFlowCollection_IsFollowedByTheNextEntry(string text, string expected) =>
        Assert.Equal(expected, Show(YamlLoader.Load(text)));

    [Theory]
    [InlineData("{a: &k v b: 2}")]
    [InlineData("{a: &k 'v' 'w'}")]
    [InlineData("{a: &k v, b: 2")]
    [InlineData("{a: 'v' b: 2}")]
    public void Load_FlowMappingWithoutAComma_IsRefused(string text) => Assert.Throws<YamlLoadException>(() => YamlLoader.Load(text));

    [Fact]
    public void Load_ManyAliasesOfALongText_AreBounded() =>
        Assert.Throws<YamlLoadException>(() => YamlLoader.Load($"- &x {new string('a', 20_000)}\n- [{string.Join(',', Enumerable.Repeat("*x", 10_000))}]"));

    [Theory]
    [InlineData("[")]
    [InlineData("{a: ")]
    [InlineData("- ")]
    [InlineData("? ")]
    public void Load_NestingWithoutEnd_IsRefused(string opening) =>
        Assert.Throws<YamlLoadException>(() => YamlLoader.Load(string.Concat(Enumerable.Repeat(opening, 5_000))));

    [Fact]
    public void Load_AliasesOfAliases_AreBounded()
    {
        var text = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
        for (var level = 1; level < 9; level++)
        {
            var alias = $"*a{level - 1}";
            text.Append(null, $"a{level}: &a{level} [{string.Join(", ", Enumerable.Repeat(alias, 9))}]\n");
        }

        var exception = Assert.Throws<YamlLoadException>(() => YamlLoader.Load(text.ToString()));

        Assert.Contains("aliases", exception.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[")]
    [InlineData("{a: ")]
    [InlineData("- ")]
    [InlineData("? ")]
    public void Load_DeepNesting_IsRefused(string level)
    {
        var text = string.Concat(Enumerable.Repeat(level, 20_000));

        Assert.Contains("nesting", Assert.Throws<YamlLoadException>(() => YamlLoader.Load(text)).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_NestingThroughAliases_IsRefused()
    {
        var text = new StringBuilder("- &a0 x\n");
        for (var level = 1; level < 300; level++)
            text.Append(null, $"- &a{level} [*a{level - 1}]\n");

        Assert.Contains("nesting", Assert.Throws<YamlLoadException>(() => YamlLoader.Load(text.ToString())).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_NumberOfManyDigits_IsRefusedInsteadOfConvertedSlowly() =>
        Assert.Throws<YamlLoadException>(() => YamlLoader.Load(new string('1', 1_000_000)));

    private static void AssertValue(object? expected, string text) =>
        Assert.Equal(expected, Assert.IsType<YamlMapping>(YamlLoader.Load(text.StartsWith('%') ? text.Replace("---\n", "---\nkey: ", StringComparison.Ordinal) : $"key: {text}"))["key"]);

    private static string Show(object? value) => value switch
    {
        null => "null",
        YamlMapping mapping => $"{{{string.Join(", ", mapping.Entries.Select(entry => $"{Show(entry.Key)}: {Show(entry.Value)}"))}}}",
        List<object?> list => $"[{string.Join(' ', list.Select(Show))}]",
        HashSet<object?> set => $"<{string.Join(' ', set.Select(Show))}>",
        DateOnly date => date.ToString("yyyy-MM-dd", null),
        _ => Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture)!,
    };
}
