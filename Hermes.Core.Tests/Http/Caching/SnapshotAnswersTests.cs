using System.Text;
using Hermes.Core.Http.Caching;
using static Hermes.Core.Http.Wire.Errors;

namespace Hermes.Core.Tests.Http.Caching;

public class SnapshotAnswersTests
{
    [Fact]
    public void Get_SnapshotAndVariant_IsMadeOnceForEach()
    {
        var answers = new SnapshotAnswers();
        var snapshot = new object();
        var count = 0;

        Assert.Equal("""{"error":"1"}""", Text(snapshot, "a"));
        Assert.Equal("""{"error":"1"}""", Text(snapshot, "a"));
        Assert.Equal("""{"error":"2"}""", Text(snapshot, "b"));
        Assert.Equal("""{"error":"3"}""", Text(new object(), "a"));

        string Text(object of, string variant) => Encoding.UTF8.GetString(answers.Get(of, variant, () => new TextError($"{++count}")).Parts.Single().Span);
    }
}
