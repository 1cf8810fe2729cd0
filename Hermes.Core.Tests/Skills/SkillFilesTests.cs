using System.IO.Abstractions;
using System.Text;
using Hermes.Core.Skills;
using Hermes.Core.Testing;
using Hermes.Core.Tests.Support;

namespace Hermes.Core.Tests.Skills;

public sealed class SkillFilesTests : IDisposable
{
    private readonly TemporaryHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public void List_Files_AreSortedByCodePointsAtAnyDepthWithoutCaches()
    {
        _home.Write("skills/s/scripts/b.py", "").Write("skills/s/scripts/B.py", "").Write("skills/s/scripts/\uFF5E.py", "")
            .Write("skills/s/scripts/🚀.py", "").Write("skills/s/scripts/.hidden", "").Write("skills/s/scripts/x/y/z", "")
            .Write("skills/s/scripts/__pycache__/b.pyc", "").Write("skills/s/scripts/node_modules/m/index.js", "");

        Assert.Equal(
            ["scripts/.hidden", "scripts/B.py", "scripts/b.py", "scripts/x/y/z", "scripts/\uFF5E.py", "scripts/🚀.py"],
            Files().List(Skill("s"), "scripts"));
    }

    [Fact]
    public void List_FileInPlaceOfFolder_IsEmpty()
    {
        _home.Write("skills/s/references", "a file");

        Assert.Empty(Files().List(Skill("s"), "references"));
    }

    [Fact]
    public void List_SkillThatIsGone_IsEmpty()
    {
        _home.Write("skills/s/references/a.md", "");
        var skill = Skill("s");

        Directory.Delete(Path.Join(_home.Home.SkillsFolder, "s"), recursive: true);

        Assert.Empty(Files().List(skill, "references"));
        Assert.Null(Files().Read(skill, "references/a.md"));
        Assert.Null(Files().Read(skill, "SKILL.md"));
    }

    [Fact]
    public void Read_SkillBelowALinkedFolderOfSkills_IsRead()
    {
        _home.Write("elsewhere/s/references/a.md", "text").Write("elsewhere/s/SKILL.md", "");
        File.CreateSymbolicLink(Path.Join(_home.Path, "elsewhere/s/references/b.md"), "a.md");
        Directory.CreateSymbolicLink(_home.Home.SkillsFolder, Path.Join(_home.Path, "elsewhere"));
        var skill = Assert.Single(new SkillCatalog(_home.Home, new FileSystem()).List());

        Assert.Equal("text", Files().Read(skill, "references/b.md")!.Text);
    }

    [Fact]
    public void Read_LargeFile_GivesTheFirstMegabyteOfWholeCharacters()
    {
        _home.Write("skills/s/references/large.md", "x" + new string('é', 600_000));

        var file = Files().Read(Skill("s"), "references/large.md")!;

        Assert.True(file.IsTruncated);
        Assert.Equal(1_200_001, file.Size);
        Assert.Equal("x" + new string('é', 524_287), file.Text);
    }

    [Theory]
    [InlineData(new byte[] { 0x63, 0x61, 0x66, 0xE9 }, true)]
    [InlineData(new byte[] { 0x61, 0x00, 0x62 }, true)]
    [InlineData(new byte[] { 0xEF, 0xBB, 0xBF, 0x61 }, false)]
    public void Read_Bytes_AreTextWhereTheyAreUtf8(byte[] bytes, bool isBinary)
    {
        _home.Write("skills/s/assets/a", "");
        File.WriteAllBytes(Path.Join(_home.Home.SkillsFolder, "s/assets/a"), bytes);

        var file = Files().Read(Skill("s"), "assets/a")!;

        Assert.Equal((isBinary, (long)bytes.Length), (file.IsBinary, file.Size));
        Assert.Equal(isBinary ? "" : Encoding.UTF8.GetString(bytes), file.Text);
    }

    [Fact]
    public async Task Read_Pipe_IsNotOpened()
    {
        _home.Write("skills/s/assets/a", "");
        NamedPipe.Create(Path.Join(_home.Home.SkillsFolder, "s/assets/pipe"));

        // Opening it would wait for a writer, for ever.
        var file = await Task.Run(() => Files().Read(Skill("s"), "assets/pipe")).WaitAsync(TimeSpan.FromSeconds(20));

        Assert.Equal("", file!.Text);
    }

    private Skill Skill(string folder)
    {
        _home.Write($"skills/{folder}/SKILL.md", "");
        return Assert.Single(new SkillCatalog(_home.Home, new FileSystem()).List());
    }

    private static SkillFiles Files() => new(new FileSystem());
}
