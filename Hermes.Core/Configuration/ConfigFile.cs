using System.IO.Abstractions;
using System.Text;
using Hermes.Core.Yaml;

namespace Hermes.Core.Configuration;

/// <summary>The home's <c>config.yaml</c> as it stands, secrets included: never for an answer, which is <see cref="SafeConfig"/>'s.</summary>
/// <remarks>
/// Read again when its length or time of modification changes. Safe from any thread; what it returns is shared and must not be changed.
/// </remarks>
internal sealed class ConfigFile(HermesHome home, IFileSystem fileSystem)
{
    // Far beyond any configuration: what is larger is some other file.
    private const long MaxLength = 16 * 1024 * 1024;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private volatile ConfigSnapshot? _snapshot;

    /// <summary>The file's mapping; an empty one where there is no file or nothing in it.</summary>
    /// <exception cref="ConfigUnreadableException">The file cannot be read, or is no YAML mapping.</exception>
    public ConfigSnapshot Read()
    {
        try
        {
            return ReadChanged();
        }
        catch (YamlLoadException exception)
        {
            throw new ConfigUnreadableException($"line {exception.Line}, column {exception.Column}");
        }
        catch (DecoderFallbackException)
        {
            throw new ConfigUnreadableException("it is not UTF-8");
        }
        catch (UnauthorizedAccessException)
        {
            throw new ConfigUnreadableException("access to it is denied");
        }
        catch (IOException)
        {
            throw new ConfigUnreadableException("the file system reports an error");
        }
    }

    /// <summary>The same, with an empty mapping for a file that cannot be read: for those who only look up a preference.</summary>
    public YamlMapping ReadOrEmpty()
    {
        try
        {
            return Read().Root;
        }
        catch (ConfigUnreadableException)
        {
            return ConfigSnapshot.Empty.Root;
        }
    }

    private ConfigSnapshot ReadChanged()
    {
        // The stat comes first: a change between it and the reading is seen the next time.
        var file = fileSystem.FileInfo.New(home.ConfigFile);
        if (file.LinkTarget is not null && file.ResolveLinkTarget(returnFinalTarget: true) is { } target)
        {
            // A link's own length and time say nothing about the file behind it.
            file = fileSystem.FileInfo.New(target.FullName);
        }

        if (!file.Exists)
        {
            return fileSystem.Directory.Exists(file.FullName)
                ? throw new ConfigUnreadableException("it is a folder")
                : _snapshot = ConfigSnapshot.Empty;
        }

        var (length, modified) = (file.Length, file.LastWriteTimeUtc);
        if (_snapshot is { } snapshot && snapshot.Length == length && snapshot.Modified == modified)
        {
            return snapshot;
        }

        if (length > MaxLength)
        {
            throw new ConfigUnreadableException($"it is larger than {MaxLength / 1024 / 1024} MiB");
        }

        try
        {
            var text = StrictUtf8.GetString(fileSystem.File.ReadAllBytes(file.FullName));
            return _snapshot = new ConfigSnapshot(length, modified, Root(YamlLoader.Load(text)));
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return _snapshot = ConfigSnapshot.Empty;
        }
    }

    private static YamlMapping Root(object? document) => document switch
    {
        null => new YamlMapping(),
        YamlMapping mapping => mapping,
        _ => throw new ConfigUnreadableException("it is not a mapping of keys to values"),
    };
}

/// <summary>What <c>config.yaml</c> was at one time.</summary>
/// <param name="Length">The file's length in bytes; -1 where there was none.</param>
/// <param name="Modified">When it was last written, in UTC.</param>
/// <param name="Root">Its mapping, secrets included.</param>
internal sealed record ConfigSnapshot(long Length, DateTime Modified, YamlMapping Root)
{
    /// <summary>No file.</summary>
    public static readonly ConfigSnapshot Empty = new(-1, default, new YamlMapping());
}
