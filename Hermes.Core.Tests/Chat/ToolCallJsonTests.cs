using System.Text.Json;
using Hermes.Core.Chat;
using Microsoft.Extensions.AI;

namespace Hermes.Core.Tests.Chat;

public class ToolCallJsonTests
{
    public static TheoryData<object?, string> Results => new()
    {
        { null, "" },
        { "text\n", "text\n" },
        { JsonElement.Parse("\"quoted\""), "quoted" },
        { JsonElement.Parse("""{"a":1}"""), """{"a":1}""" },
        { 12, "12" },
        { new TextContent("content"), "content" },
        { new Dictionary<string, object?> { ["a"] = "ü" }, """{"a":"ü"}""" },
    };

    [Theory]
    [MemberData(nameof(Results))]
    public void ResultText_AnyResult_IsTextOrJson(object? result, string text) =>
        Assert.Equal(text, ToolCallJson.ResultText(new FunctionResultContent("c", result)));

    [Theory]
    [InlineData("ls -la\n  /tmp", "ls -la   /tmp")]
    [InlineData("", "terminal")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123", "012345678901234567890123456789012345678901234567890123456789...")]
    [InlineData("01234567890123456789012345678901234567890123456789012345678👋x", "01234567890123456789012345678901234567890123456789012345678...")]
    public void Preview_FirstTextArgument_IsOneShortLine(string argument, string preview) =>
        Assert.Equal(preview, ToolCallJson.Preview(new FunctionCallContent("c", "terminal", new Dictionary<string, object?> { ["n"] = 1, ["command"] = argument })));
}
