using System.Buffers;
using System.Text;
using System.Text.Json;
using Hermes.Core.Text;

namespace Hermes.Core.Tests.Text;

public class Utf8JsonTests
{
    [Theory]
    [InlineData("")]
    [InlineData("plain")]
    [InlineData("two\n\"lines\"\t\0")]
    [InlineData("部署 🚀🚀🚀 naïve")]
    [InlineData("\ud83d alone \ude80")]
    public void WriteString_Text_IsTheWritersOwn(string piece)
    {
        // Of lengths that put every character of the piece on a border between segments.
        for (var before = 4096 - piece.Length - 1; before <= 4097; before++)
        {
            var text = new string('x', before) + piece + new string('y', 10_000);

            Assert.Equal(Write(writer => writer.WriteString("name", text)), Write(writer => Utf8Json.WriteString(writer, "name", text)));
        }
    }

    [Fact]
    public void WriteString_Null_IsNull() => Assert.Equal("""{"name":null}""", Write(writer => Utf8Json.WriteString(writer, "name", null)));

    [Theory]
    [InlineData("a line without an end ")]
    [InlineData("a line\n")]
    public void WriteString_LongText_TakesNoMemoryOfItsLength(string line)
    {
        var text = string.Concat(Enumerable.Repeat(line, 100_000));
        var output = new ArrayBufferWriter<byte>(text.Length * 2);
        using var writer = new Utf8JsonWriter(output, Utf8Json.Options);
        writer.WriteStartObject();
        var before = GC.GetAllocatedBytesForCurrentThread();

        Utf8Json.WriteString(writer, "name", text);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, text.Length / 4);
    }

    private static string Write(Action<Utf8JsonWriter> write)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output, Utf8Json.Options))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
