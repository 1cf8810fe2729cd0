namespace Hermes.Core.Files;

/// <summary>What has a path.</summary>
internal enum FileKind
{
    /// <summary>A file with content of its own.</summary>
    Regular,

    /// <summary>A folder.</summary>
    Folder,

    /// <summary>A pipe, socket or device. Opening one may wait without end, and writing one is no storing.</summary>
    Other,
}
