using Hermes.Core.Hosting;
using Hermes.Core.Tests.Support;
using Hermes.Testing;

namespace Hermes.Core.Tests.Hosting;

public sealed class HomeThatIsNoFolderTests : IDisposable
{
    private readonly TemporaryHome _folder = new();

    public void Dispose() => _folder.Dispose();

    [LinuxTheory]
    [InlineData("dangling", "a link that leads nowhere")]
    [InlineData("circle", "a link that leads nowhere")]
    [InlineData("pipe", "a pipe or a device")]
    [InlineData("link to pipe", "a pipe or a device")]
    public void Validate_HomeThatIsNoFolder_SaysWhatItIs(string what, string reason)
    {
        var path = Path.Join(_folder.Path, "home");
        IrregularFile.Create(path, what);

        var message = Refusal(path);

        Assert.Equal($"Hermes:Home is '{path}', which is {reason}, or lies below one. Name a folder", message);
    }

    [Fact]
    public void Validate_HomeThatIsAFile_NamesItsFolder()
    {
        _folder.Write("state.db", "");

        Assert.EndsWith($" Name the folder that it lies in: {_folder.Path}", Refusal(Path.Join(_folder.Path, "state.db")), StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_HomeThatIsALinkToAFile_DoesNotNameTheLinksFolder()
    {
        _folder.Write("state.db", "");
        var link = Path.Join(_folder.Path, "link");
        File.CreateSymbolicLink(link, "state.db");

        Assert.EndsWith("is a file, or lies below one. Name a folder", Refusal(link), StringComparison.Ordinal);
    }

    private static string Refusal(string home) =>
        Assert.Single(new HermesOptionsValidator().Validate(name: null, new HermesOptions { Home = home }).Failures!);
}
