using System.Buffers;
using System.Text;
using Hermes.Core.Http.Wire;
using Hermes.Core.Text;
using static Hermes.Core.Http.Wire.Errors;

namespace Hermes.Core.Tests.Http.Wire;

public class WireJsonTests
{
    [Theory]
    [InlineData("")]
    [InlineData("plain")]
    [InlineData("two\n\"lines\"\t\0")]
    [InlineData("部署 🚀🚀🚀 naïve")]
    [InlineData("\ud83d alone \ude80")]
    public void Serialize_Text_IsTheWritersOwn(string piece)
    {
        // Of lengths that put every character of the piece on a border between segments.
        for (var before = 4096 - piece.Length - 1; before <= 4097; before++)
        {
            var text = new string('x', before) + piece + new string('y', 10_000);

            Assert.Equal(Encoding.UTF8.GetString(WrittenAtOnce(text)), Encoding.UTF8.GetString(WireJson.Serialize(new TextError(text))));
        }
    }

    [Theory]
    [InlineData("a line without an end ")]
    [InlineData("a line\n")]
    public void Write_LongText_TakesNoMemoryOfItsLength(string line)
    {
        var error = new TextError(string.Concat(Enumerable.Repeat(line, 100_000)));
        var output = new ArrayBufferWriter<byte>(error.Error.Length * 2);
        WireJson.Write(output, new TextError("once, for what is made once"));
        var before = GC.GetAllocatedBytesForCurrentThread();

        WireJson.Write(output, error);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, error.Error.Length / 4);
    }

    private static byte[] WrittenAtOnce(string text) => Utf8Json.Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("error", text);
        json.WriteEndObject();
    }).ToArray();
}
