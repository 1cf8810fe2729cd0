using System.Text;
using Hermes.Core.Http.Endpoints;
using Hermes.Core.Http.Wire;

namespace Hermes.Core.Tests.Http;

public class SessionChatRequestTests
{
    [Fact]
    public void Parse_Message_IsTextAndEverythingElseIsLeftToTheAgent()
    {
        var request = Parse("""{"message":" hi ","attachments":[],"system_message":" ","model":"hermes-agent"}""");

        Assert.Equal((" hi ", " hi "), (request.Turn.User.Content, request.Turn.UserText));
        Assert.Null(request.Turn.User.ContentParts);
        Assert.Empty(request.Turn.System);
        Assert.Null(request.Model);
    }

    [Fact]
    public void Parse_MessageOfParts_IsTakenAsInChatCompletions()
    {
        var request = Parse("""{"message":[{"type":"text","text":"what?"},{"type":"image_url","image_url":{"url":"https://x.example/a.png"}}]}""");

        Assert.Equal(2, request.Turn.User.ContentParts!.Value.GetArrayLength());
        Assert.Equal("what?", request.Turn.UserText);
    }

    [Fact]
    public void Parse_InputAndInstructions_AreMessageAndSystemMessage()
    {
        var request = Parse("""{"input":"hi","instructions":"be short"}""");
        Assert.Equal(("hi", "hi", "be short"), (request.Turn.UserText, request.Turn.User.Content, Assert.Single(request.Turn.System)));

        var both = Parse("""{"message":"hi","input":"no","system_message":"be kind","instructions":"no"}""");
        Assert.Equal(("hi", "be kind"), (both.Turn.UserText, Assert.Single(both.Turn.System)));

        var parts = Parse("""{"message":null,"input":[{"type":"text","text":"a"},{"type":"image_url","image_url":{"url":"https://x.example/a.png"}}]}""");
        Assert.Equal(("a", 2), (parts.Turn.UserText, parts.Turn.User.ContentParts!.Value.GetArrayLength()));
    }

    [Theory]
    [InlineData("""{"contentType":"image/png","base64":"AAAA"}""", """{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}}""")]
    [InlineData("""{"contentType":"image/png","base64":"AA\nAA"}""", """{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}}""")]
    [InlineData("""{"contentType":"Image/PNG","content":"AAAA"}""", """{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}}""")]
    [InlineData("""{"contentType":"image/png","content":"data:image/webp;base64,AAAA"}""", """{"type":"image_url","image_url":{"url":"data:image/webp;base64,AAAA"}}""")]
    [InlineData("""{"name":"a.txt","contentType":"text/plain; charset=utf-8","content":"hi"}""", """{"type":"text","text":"Attached file \"a.txt\":\n\nhi"}""")]
    [InlineData("""{"name":"a.txt","contentType":"text/plain","base64":"aGk=","content":"ignored"}""", """{"type":"text","text":"Attached file \"a.txt\":\n\nhi"}""")]
    [InlineData("""{"contentType":"application/json","content":"{}"}""", """{"type":"text","text":"Attached file \"attachment\":\n\n{}"}""")]
    [InlineData("""{"contentType":"image/*","base64":"iVBORw0KGgo"}""", """{"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw0KGgo="}}""")]
    [InlineData("""{"contentType":"application/octet-stream","base64":"_9j_4A"}""", """{"type":"image_url","image_url":{"url":"data:image/jpeg;base64,/9j/4A=="}}""")]
    [InlineData("""{"name":"a.gif","base64":"R0lGODlh"}""", """{"type":"image_url","image_url":{"url":"data:image/gif;base64,R0lGODlh"}}""")]
    [InlineData("""{"contentType":"image/svg+xml","content":"data:image/svg+xml,%3Csvg/%3E"}""", """{"type":"image_url","image_url":{"url":"data:image/svg+xml;base64,PHN2Zy8+"}}""")]
    [InlineData("""{"name":"a.svg","contentType":"image/svg+xml","content":"<svg xmlns='x'/>"}""", """{"type":"text","text":"Attached file \"a.svg\":\n\n<svg xmlns='x'/>"}""")]
    [InlineData("""{"name":"a.svg","contentType":"image/SVG+XML; charset=utf-8","content":"<svg/>"}""", """{"type":"text","text":"Attached file \"a.svg\":\n\n<svg/>"}""")]
    [InlineData("""{"contentType":"image/svg+xml","content":"PHN2Zy8+"}""", """{"type":"image_url","image_url":{"url":"data:image/svg+xml;base64,PHN2Zy8+"}}""")]
    [InlineData("""{"name":"a.yaml","contentType":"application/x-yaml","content":"a: 1"}""", """{"type":"text","text":"Attached file \"a.yaml\":\n\na: 1"}""")]
    [InlineData("""{"name":"a.md","content":"hi"}""", """{"type":"text","text":"Attached file \"a.md\":\n\nhi"}""")]
    [InlineData("""{"name":"a.md","contentType":null,"base64":"77u_aGk"}""", """{"type":"text","text":"Attached file \"a.md\":\n\nhi"}""")]
    [InlineData("""{"name":"a.md","content":"data:;base64,aGk"}""", """{"type":"text","text":"Attached file \"a.md\":\n\nhi"}""")]
    [InlineData("""{"name":"a","contentType":"text/plain","content":"data: 1,2\n"}""", """{"type":"text","text":"Attached file \"a\":\n\ndata: 1,2\n"}""")]
    public void Parse_AttachmentAlone_IsOnePart(string attachment, string part)
    {
        var request = Parse($$"""{"attachments":[{{attachment}}]}""");

        Assert.Equal($"[{part}]", request.Turn.User.ContentParts!.Value.GetRawText());
        Assert.Equal("", request.Turn.UserText);
    }

    [Theory]
    [InlineData("""{"message":""}""", "Missing or empty 'message'")]
    [InlineData("""{"message":[]}""", "Missing or empty 'message'")]
    [InlineData("""{"message":[" ",{"type":"text","text":""}]}""", "Missing or empty 'message'")]
    [InlineData("""{"message":[{"type":"audio"}]}""", "'message'[0].type is not supported: use 'text' or 'image_url'")]
    [InlineData("""{"message":"a","system_message":5}""", "'system_message' must be a string")]
    [InlineData("""{"message":"a","model":{}}""", "'model' must be a string")]
    [InlineData("""{"message":"a","attachments":{}}""", "'attachments' must be a list")]
    [InlineData("""{"message":"a","attachments":["x"]}""", "attachments[0] must be an object")]
    [InlineData("""{"attachments":[{"contentType":"image/png"}]}""", "attachments[0] needs 'content' or 'base64'")]
    [InlineData("""{"attachments":[{"contentType":"text/plain","content":5}]}""", "attachments[0].content must be a string")]
    [InlineData("""{"attachments":[{"name":[],"contentType":"text/plain","content":"x"}]}""", "attachments[0].name must be a string")]
    [InlineData("""{"attachments":[{"contentType":"application/pdf","base64":"AAAA"}]}""", "attachments[0] is neither an image nor a text in UTF-8")]
    [InlineData("""{"attachments":[{"base64":"no base64!"}]}""", "attachments[0].base64 is no base64")]
    [InlineData("""{"attachments":[{"contentType":"image/png","base64":"no base64!"}]}""", "attachments[0] is no image: send its bytes as base64, or as data:image/TYPE;base64,DATA")]
    [InlineData("""{"attachments":[{"contentType":"image/png","content":"data:text/html;base64,AAAA"}]}""", "attachments[0] is no image: send its bytes as base64, or as data:image/TYPE;base64,DATA")]
    [InlineData("""{"attachments":[{"contentType":"text/plain","base64":"/////w=="}]}""", "attachments[0] is neither an image nor a text in UTF-8")]
    public void Parse_BodyThatCannotBeUsed_SaysWhy(string body, string message) =>
        Assert.Equal(message, Assert.Throws<RequestException>(() => Parse(body)).Message);

    [Fact]
    public void Parse_TooManyAttachments_SaysHowMany()
    {
        var many = string.Join(',', Enumerable.Repeat("""{"contentType":"text/plain","content":"x"}""", SessionChatRequest.MaxAttachments + 1));

        Assert.Equal("'attachments' has more than 20 items", Assert.Throws<RequestException>(() => Parse($$"""{"attachments":[{{many}}]}""")).Message);
    }

    private static SessionChatRequest Parse(string body) => SessionChatRequest.Parse(Encoding.UTF8.GetBytes(body));
}
