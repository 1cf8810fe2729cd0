using System.Text;
using Hermes.Core.Http.Json;

namespace Hermes.Core.Tests.Http.Json;

public class RenderedJsonTests
{
    [Fact]
    public void Tag_OfBodies_IsTheSameForEqualOnesAlone()
    {
        Assert.Equal(new RenderedJson("{}"u8.ToArray()).Tag, new RenderedJson("{}"u8.ToArray()).Tag);
        Assert.NotEqual(new RenderedJson("{}"u8.ToArray()).Tag, new RenderedJson("[]"u8.ToArray()).Tag);
    }

    [Fact]
    public void Of_SourceAndVariant_IsRenderedOnceForEach()
    {
        var source = new object();
        var count = 0;

        Assert.Equal("1", Text(source, "a"));
        Assert.Equal("1", Text(source, "a"));
        Assert.Equal("2", Text(source, "b"));
        Assert.Equal("3", Text(new object(), "a"));

        string Text(object of, string variant) =>
            Encoding.UTF8.GetString(RenderedJson.Of(of, variant, () => Encoding.UTF8.GetBytes($"{++count}")).Body.Span);
    }
}
