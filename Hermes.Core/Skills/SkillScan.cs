using System.IO.Abstractions;
using Hermes.Core.Files;

namespace Hermes.Core.Skills;

/// <summary>One walk over the folders of a root.</summary>
/// <param name="FileSystem">Where the folders are.</param>
/// <param name="Root">The folder that the walk begins in.</param>
/// <param name="Now">The time at which it began.</param>
/// <param name="ListsAll">Whether folders are listed again whose time says that they are as they were.</param>
/// <param name="Watch">What is to note from now on what happens in the folders; null where nothing is.</param>
internal sealed record SkillScan(IFileSystem FileSystem, SkillRoot Root, DateTimeOffset Now, bool ListsAll, FolderWatch? Watch)
{
    /// <summary>Whether the files found may be others than those of the walk before.</summary>
    public bool HasChanged { get; set; }

    /// <summary>Whether the watch does not note all that the walk looks at.</summary>
    public bool HasUnwatched { get; set; }
}
