using System.IO.Abstractions;
using System.Text;
using Hermes.Core.Skills;
using Hermes.Core.Tests.Support;
using Hermes.Testing;

namespace Hermes.Core.Tests.Skills;

public sealed class SkillFilesTests : IDisposable
{
    private readonly TemporaryHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task List_Files_AreSortedByCodePointsAtAnyDepthWithoutCaches()
    {
        _home.Write("skills/s/scripts/b.py", "").Write("skills/s/scripts/B.py", "").Write("skills/s/scripts/\uFF5E.py", "")
            .Write("skills/s/scripts/🚀.py", "").Write("skills/s/scripts/.hidden", "").Write("skills/s/scripts/x/y/z", "")
            .Write("skills/s/scripts/__pycache__/b.pyc", "").Write("skills/s/scripts/node_modules/m/index.js", "");

        Assert.Equal(
            ["scripts/.hidden", "scripts/B.py", "scripts/b.py", "scripts/x/y/z", "scripts/\uFF5E.py", "scripts/🚀.py"],
            Files().List(await SkillAsync("s"), "scripts"));
    }

    [Fact]
    public async Task List_FileInPlaceOfFolder_IsEmpty()
    {
        _home.Write("skills/s/references", "a file");

        Assert.Empty(Files().List(await SkillAsync("s"), "references"));
    }

    [Fact]
    public async Task List_SkillThatIsGone_IsEmpty()
    {
        _home.Write("skills/s/references/a.md", "");
        var skill = await SkillAsync("s");

        Directory.Delete(Path.Join(_home.Home.SkillsFolder, "s"), recursive: true);

        Assert.Empty(Files().List(skill, "references"));
        Assert.Null(Files().Read(skill, "references/a.md"));
        Assert.Null(Files().Read(skill, "SKILL.md"));
    }

    [Fact]
    public async Task Read_SkillBelowALinkedFolderOfSkills_IsRead()
    {
        _home.Write("elsewhere/s/references/a.md", "text").Write("elsewhere/s/SKILL.md", "");
        File.CreateSymbolicLink(Path.Join(_home.Path, "elsewhere/s/references/b.md"), "a.md");
        Directory.CreateSymbolicLink(_home.Home.SkillsFolder, Path.Join(_home.Path, "elsewhere"));
        var skill = Assert.Single(await new SkillCatalog(_home.Home, new FileSystem()).ListAsync());

        Assert.Equal("text", Files().Read(skill, "references/b.md")!.Text);
    }

    [Fact]
    public async Task Read_LargeFile_GivesTheFirstMegabyteOfWholeCharacters()
    {
        _home.Write("skills/s/references/large.md", "x" + new string('é', 600_000));

        var file = Files().Read(await SkillAsync("s"), "references/large.md")!;

        Assert.True(file.IsTruncated);
        Assert.Equal(1_200_001, file.Size);
        Assert.Equal("x" + new string('é', 524_287), file.Text);
    }

    [Theory]
    [InlineData(new byte[] { 0x63, 0x61, 0x66, 0xE9 }, true)]
    [InlineData(new byte[] { 0x61, 0x00, 0x62 }, true)]
    [InlineData(new byte[] { 0xEF, 0xBB, 0xBF, 0x61 }, false)]
    public async Task Read_Bytes_AreTextWhereTheyAreUtf8(byte[] bytes, bool isBinary)
    {
        _home.Write("skills/s/assets/a", "");
        File.WriteAllBytes(Path.Join(_home.Home.SkillsFolder, "s/assets/a"), bytes);

        var file = Files().Read(await SkillAsync("s"), "assets/a")!;

        Assert.Equal((isBinary, (long)bytes.Length), (file.IsBinary, file.Size));
        Assert.Equal(isBinary ? "" : Encoding.UTF8.GetString(bytes), file.Text);
    }

    [LinuxTheory]
    [InlineData("pipe")]
    [InlineData("dangling")]
    [InlineData("circle")]
    [InlineData("link to pipe")]
    [InlineData("link to folder")]
    public async Task ListAndRead_NoRegularFile_IsNoFileOfTheSkill(string what)
    {
        _home.Write("skills/s/assets/a", "");
        IrregularFile.Create(Path.Join(_home.Home.SkillsFolder, "s/assets/b"), what);
        var skill = await SkillAsync("s");

        // Opening a pipe would wait for a writer, for ever.
        var (paths, file) = await Task.Run(() => (Files().List(skill, "assets"), Files().Read(skill, "assets/b"))).WaitAsync(TimeSpan.FromSeconds(30));

        Assert.DoesNotContain("assets/b", paths);
        Assert.Null(file);
    }

    [LinuxTheory]
    [InlineData("../../../.env")]
    [InlineData("../SKILL.md")]
    [InlineData("../../other/assets/a")]
    [InlineData(".env")]
    [InlineData("step")]
    public async Task ListAndRead_LinkOutOfTheSkillOrToAnEnvFile_IsNoFileOfTheSkill(string target)
    {
        _home.Write(".env", "KEY=secret").Write("skills/other/assets/a", "secret").Write("skills/s/assets/.env", "KEY=secret");
        File.CreateSymbolicLink(Path.Join(_home.Home.SkillsFolder, "s/assets/step"), "../../../.env");
        File.CreateSymbolicLink(Path.Join(_home.Home.SkillsFolder, "s/assets/b"), target);
        var skill = await SkillAsync("s");

        Assert.Empty(Files().List(skill, "assets"));
        Assert.Null(Files().Read(skill, "assets/b"));
        Assert.Null(Files().Read(skill, "assets/.env"));
    }

    [Fact]
    public async Task ListAndRead_TemplateOfAnEnvFile_IsShown()
    {
        _home.Write("skills/s/templates/.env.example", "KEY=");
        var skill = await SkillAsync("s");

        Assert.Equal(["templates/.env.example"], Files().List(skill, "templates"));
        Assert.Equal("KEY=", Files().Read(skill, "templates/.env.example")!.Text);
    }

    [Fact]
    public async Task Read_SkillBehindALinkedFolder_IsRead()
    {
        _home.Write("elsewhere/s/references/a.md", "text").Write("elsewhere/s/SKILL.md", "").Write("skills/.keep", "");
        File.CreateSymbolicLink(Path.Join(_home.Path, "elsewhere/s/references/b.md"), "a.md");
        Directory.CreateSymbolicLink(Path.Join(_home.Home.SkillsFolder, "linked"), "../elsewhere");
        var skill = Assert.Single(await new SkillCatalog(_home.Home, new FileSystem()).ListAsync());

        Assert.Equal("text", Files().Read(skill, "references/b.md")!.Text);
    }

    private async Task<Skill> SkillAsync(string folder)
    {
        _home.Write($"skills/{folder}/SKILL.md", "");
        return Assert.Single(await new SkillCatalog(_home.Home, new FileSystem()).ListAsync());
    }

    private SkillFiles Files() => new(_home.Home, new FileSystem());
}
