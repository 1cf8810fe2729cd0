using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Hermes.Core.Configuration;
using Hermes.Core.Yaml;

namespace Hermes.Core.Tests.Configuration;

public sealed class YamlJsonTests
{
    [Theory]
    [InlineData("2024-01-02", "\"2024-01-02\"")]
    [InlineData("2024-01-02 03:04:05", "\"2024-01-02T03:04:05\"")]
    [InlineData("2024-01-02 03:04:05.5 -5", "\"2024-01-02T03:04:05.5-05:00\"")]
    [InlineData("!!binary aGk=", "\"aGk=\"")]
    [InlineData("!!set {a, b}", "[\"a\",\"b\"]")]
    [InlineData(".inf", "\"Infinity\"")]
    [InlineData("-.inf", "\"-Infinity\"")]
    [InlineData(".nan", "\"NaN\"")]
    [InlineData("1.0", "1.0")]
    [InlineData("1.0e+30", "1E+30")]
    [InlineData("123456789012345678901234567890", "123456789012345678901234567890")]
    [InlineData("{true: a, ~: b, 1: c, 1.5: d, 2024-01-02: e}", """{"true":"a","null":"b","1":"c","1.5":"d","2024-01-02":"e"}""")]
    [InlineData("{1: a, '1': b}", """{"1":"b"}""")]
    public void Write_WhatJsonHasNoWordFor_IsWrittenAsTheContractSays(string yaml, string expected) =>
        Assert.Equal(expected, Render(YamlLoader.Load(yaml)));

    internal static string Render(object? value)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            YamlJson.Write(writer, value);
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
