using System.Text;
using Hermes.Core.Http.Wire;
using static Hermes.Core.Http.Wire.ConfigWire;
using static Hermes.Core.Http.Wire.Errors;
using static Hermes.Core.Http.Wire.MemoryWire;

namespace Hermes.Core.Tests.Http.Wire;

public class JsonAnswerTests
{
    [Fact]
    public void Of_WhatARecordDoesNotRequire_IsLeftOutWhereItIsNull()
    {
        Assert.Equal("""{"error":"No"}""", Json(new TextError("No")));
        Assert.Equal("""{"error":"No","code":"c"}""", Json(new TextError("No", "c")));
        Assert.Equal("""{"targets":[]}""", Json(new MemoryFiles([])));
    }

    [Fact]
    public void Of_WhatARecordRequires_IsThereAsNull()
    {
        Assert.Equal("""{"model":null,"provider":null,"base_url":"a","api_mode":null}""", Json(new EffectiveModelObject(null, null, "a", null)));
        Assert.Equal(
            """{"error":{"message":"m","type":"invalid_request_error","param":null,"code":null}}""",
            Encoding.UTF8.GetString(Errors.Create(ErrorShape.OpenAI, 400, "m").Parts.Single().Span));
    }

    [Fact]
    public void Of_Text_EscapesWhatJsonDemandsAlone() => Assert.Equal("""{"error":"<é>&'+ \"\\\n"}""", Json(new TextError("<é>&'+ \"\\\n")));

    [Fact]
    public void Tagged_EqualRecords_HaveTheSameTag()
    {
        Assert.Equal(JsonAnswer.Tagged(new TextError("a")).Tag, JsonAnswer.Tagged(new TextError("a")).Tag);
        Assert.NotEqual(JsonAnswer.Tagged(new TextError("a")).Tag, JsonAnswer.Tagged(new TextError("b")).Tag);
    }

    private static string Json<TRecord>(TRecord record) => Encoding.UTF8.GetString(JsonAnswer.Of(record).Parts.Single().Span);
}
