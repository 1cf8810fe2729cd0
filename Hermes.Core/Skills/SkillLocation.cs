namespace Hermes.Core.Skills;

/// <summary>Where a <c>SKILL.md</c> lies.</summary>
/// <param name="FolderPath">The absolute path of its folder.</param>
/// <param name="RelativeFolder">The path of its folder below the root, with <c>/</c> after each part; empty for the root itself.</param>
/// <param name="SourcePath">The file's path relative to the home where it lies in it, else absolute; with <c>/</c>.</param>
/// <param name="IsLink">Whether it is a link.</param>
internal sealed record SkillLocation(string FolderPath, string RelativeFolder, string SourcePath, bool IsLink = false)
{
    /// <summary>The name that every skill's file has.</summary>
    public const string FileName = "SKILL.md";

    /// <summary>The name of the file's folder.</summary>
    public string FolderName => Path.GetFileName(FolderPath);

    /// <summary>The file's path below the root, with <c>/</c>: what the list is sorted by.</summary>
    public string RelativePath => RelativeFolder + FileName;

    /// <summary>The first folder below the root; empty where the file lies in the root itself.</summary>
    public string FirstFolder => RelativeFolder[..Math.Max(0, RelativeFolder.IndexOf('/'))];

    /// <summary>The absolute path of the first folder below the root; empty where the file lies in the root itself.</summary>
    public string FirstFolderPath => RelativeFolder.Length == 0
        ? ""
        : FolderPath[..(FolderPath.Length - (RelativeFolder.Length - 1) + FirstFolder.Length)];
}
