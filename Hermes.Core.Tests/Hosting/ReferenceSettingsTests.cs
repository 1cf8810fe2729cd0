using Hermes.Core.Testing;
using Hermes.Core.Tests.Support;
using Hermes.Host;
using Microsoft.AspNetCore.Builder;

namespace Hermes.Core.Tests.Hosting;

public sealed class ReferenceSettingsTests : IDisposable
{
    private readonly TemporaryHome _folder = new();

    public void Dispose() => _folder.Dispose();

    [LinuxTheory]
    [InlineData("dangling", "is a link that leads nowhere. Name a folder: HERMES_HOME=~/.hermes")]
    [InlineData("circle", "is a link that leads nowhere. Name a folder: HERMES_HOME=~/.hermes")]
    [InlineData("pipe", "is a pipe or a device. Name a folder: HERMES_HOME=~/.hermes")]
    [InlineData("link to pipe", "is a pipe or a device. Name a folder: HERMES_HOME=~/.hermes")]
    public void AddReferenceSettings_HomeThatIsNoFolder_SaysWhatItIs(string what, string reason)
    {
        var path = Path.Join(_folder.Path, "home");
        IrregularFile.Create(path, what);

        var message = Refusal(path);

        Assert.Equal($"The home '{path}' {reason}", message);
    }

    [Fact]
    public void AddReferenceSettings_HomeThatIsAFile_NamesItsFolder()
    {
        _folder.Write("state.db", "");

        Assert.EndsWith($"is a file. Name the folder that it lies in: HERMES_HOME={_folder.Path}", Refusal(Path.Join(_folder.Path, "state.db")), StringComparison.Ordinal);
    }

    [Fact]
    public void AddReferenceSettings_HomeThatIsALinkToAFile_DoesNotNameTheLinksFolder()
    {
        _folder.Write("state.db", "");
        var link = Path.Join(_folder.Path, "link");
        File.CreateSymbolicLink(link, "state.db");

        Assert.EndsWith("is a file. Name a folder: HERMES_HOME=~/.hermes", Refusal(link), StringComparison.Ordinal);
    }

    private static string Refusal(string home) =>
        Assert.Throws<HostSettingException>(() => WebApplication.CreateSlimBuilder().AddReferenceSettings(home)).Message;
}
