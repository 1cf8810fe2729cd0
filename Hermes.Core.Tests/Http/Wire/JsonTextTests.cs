using System.Buffers;
using System.Text;
using System.Text.Json;
using Hermes.Core.Http.Wire;

namespace Hermes.Core.Tests.Http.Wire;

public class JsonTextTests
{
    [Theory]
    [InlineData("", "\"\"")]
    [InlineData("plain", "\"plain\"")]
    [InlineData("部署 naïve 🚀 </script>&'", "\"部署 naïve 🚀 </script>&'\"")]
    [InlineData("a\"b\\c", """
        "a\"b\\c"
        """)]
    [InlineData("\n\r\t\b\f", """
        "\n\r\t\b\f"
        """)]
    [InlineData("\0\u001f\u007f", "\"\\u0000\\u001F\u007f\"")]
    public void WriteValue_Text_EscapesWhatJsonDemandsAlone(string text, string json) => Assert.Equal(json, Write(text));

    [Theory]
    [InlineData(510)]
    [InlineData(511)]
    [InlineData(200_000)]
    public void WriteValue_LongText_IsReadBackTheSame(int length)
    {
        var text = string.Concat(Enumerable.Range(0, length).Select(index => (char)(index % 128)));

        Assert.Equal(text, JsonDocument.Parse(Write(text)).RootElement.GetString());
    }

    private static string Write(string text)
    {
        var output = new ArrayBufferWriter<byte>();
        JsonText.WriteValue(output, Encoding.UTF8.GetBytes(text));
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
