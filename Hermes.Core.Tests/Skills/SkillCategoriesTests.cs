using System.IO.Abstractions;
using Hermes.Core.Skills;
using Hermes.Testing;

namespace Hermes.Core.Tests.Skills;

public sealed class SkillCategoriesTests : IDisposable
{
    private readonly TemporaryHome _home = new();

    public void Dispose() => _home.Dispose();

    [Theory]
    [InlineData("---\ndescription: From the front matter\n---\nFrom the text", "From the front matter")]
    [InlineData("---\ndescription:\n---\n# Heading\n\n From the text \nand more", "From the text")]
    [InlineData("\uFEFF---\nother: 1\n---\nFrom the text", "From the text")]
    [InlineData("# Heading\nFrom the text", "From the text")]
    [InlineData("---\nbroken: [\n---\nFrom the text", "From the text")]
    [InlineData("# Heading alone", "")]
    [InlineData("", "")]
    public async Task Read_DescriptionOfTheFolder_ComesFromFrontMatterElseFirstLine(string text, string expected)
    {
        _home.Write("skills/devops/DESCRIPTION.md", text).Write("skills/devops/docker/SKILL.md", "");

        Assert.Equal([("devops", expected, 1)], await ReadAsync());
    }

    [Fact]
    public async Task Read_SkillsOfSeveralFolders_AreCountedByCategory()
    {
        _home.Write("skills/a/one/SKILL.md", "").Write("skills/a/two/deep/SKILL.md", "").Write("skills/b/three/SKILL.md", "---\ncategory: a\n---\n")
            .Write("skills/SKILL.md", "").Write("config.yaml", "skills: {disabled: [one]}");

        Assert.Equal([("a", "", 3)], await ReadAsync());
    }

    [Theory]
    [InlineData("../secret")]
    [InlineData("..")]
    [InlineData("/etc")]
    [InlineData("a/../../secret")]
    public async Task Read_CategoryThatLooksLikeAPath_ReadsNothing(string category)
    {
        _home.Write("secret/DESCRIPTION.md", "SECRET").Write("DESCRIPTION.md", "SECRET").Write("skills/a/s/SKILL.md", $"---\ncategory: {category}\n---\n");

        Assert.Equal([(category, "", 1)], await ReadAsync());
    }

    [Fact]
    public async Task Read_DescriptionThatIsALink_IsNotRead()
    {
        _home.Write("secret.txt", "SECRET").Write("skills/a/s/SKILL.md", "");
        File.CreateSymbolicLink(Path.Join(_home.Home.SkillsFolder, "a/DESCRIPTION.md"), Path.Join(_home.Path, "secret.txt"));

        Assert.Equal([("a", "", 1)], await ReadAsync());
    }

    [Fact]
    public async Task Read_CategoryOfAnExternalFolder_IsDescribedToo()
    {
        _home.Write("team/ops/DESCRIPTION.md", "Ours").Write("team/ops/s/SKILL.md", "").Write("skills/ops/t/SKILL.md", "")
            .Write("config.yaml", "skills: {external_dirs: team}");

        Assert.Equal([("ops", "Ours", 2)], await ReadAsync());
    }

    private async Task<IReadOnlyList<(string Name, string Description, int Count)>> ReadAsync()
    {
        var fileSystem = new FileSystem();
        return new SkillCategories(_home.Home, fileSystem).Read(await new SkillCatalog(_home.Home, fileSystem).ListAsync());
    }
}
